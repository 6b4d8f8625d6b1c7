#include "launcher/run/journal_content.h"

#include <optional>

#include "experiments/json/record_json.h"
#include "launcher/run/to_storage.h"
#include "storage/files/journal.h"
#include "storage/storage_error.h"

namespace glimpse::launcher {
namespace {

void read_records(storage::JournalReader& journal, JournalContent& content) {
  while (true) {
    const std::optional<storage::JournalEntry> entry = journal.next();
    if (!entry) {
      return;
    }
    const experiments::RecordBody body = experiments::parse_record(entry->record).body;
    if (const auto* const written = std::get_if<experiments::CheckpointRecord>(&body)) {
      content.checkpoints.push_back(written->file);
    }
    content.records.push_back(
        {0, static_cast<std::int64_t>(entry->number), entry->t_ms, to_storage(body)});
  }
}

}  // namespace

JournalContent read_journal(const std::filesystem::path& file) {
  JournalContent content;
  try {
    storage::JournalReader journal(file);
    read_records(journal, content);
  } catch (const storage::StorageError& error) {
    content.damage = error.what();
  } catch (const experiments::RecordError& error) {
    content.damage = file.string() + ": line " + std::to_string(content.records.size() + 1) + ": " +
                     error.what();
  }
  return content;
}

}  // namespace glimpse::launcher
