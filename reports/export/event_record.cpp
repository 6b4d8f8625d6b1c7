#include "reports/export/event_record.h"

#include "reports/export/crc32c.h"
#include "reports/export/protobuf_writer.h"

namespace glimpse::reports {
namespace {

using experiments::Value;

constexpr std::string_view kFileVersion = "brain.Event:2";
constexpr std::uint64_t kGrey = 1;  // colour space of Image

// Type float, one dimension whose size 0 is written out: what TensorBoard puts beside HParams data.
constexpr std::string_view kEmptyTensor("\x08\x01\x12\x04\x12\x02\x08\x00", 8);

std::string framed(std::string_view data) {
  std::string record;
  append_little_endian(record, std::uint64_t{data.size()});
  append_little_endian(record, masked_crc32c(record));
  record += data;
  append_little_endian(record, masked_crc32c(data));
  return record;
}

std::string render_event(const EventTime& time, std::string_view value) {
  return framed(ProtobufWriter()
                    .number(1, time.wall_s)
                    .varint(2, static_cast<std::uint64_t>(time.step))
                    .bytes(5, ProtobufWriter().bytes(1, value).take())
                    .take());
}

// `content` is an HParamsPluginData, whose version must be 0 and so is left out.
std::string render_session_event(double wall_s, std::string_view tag, std::string_view content) {
  const std::string plugin = ProtobufWriter().bytes(1, "hparams").bytes(2, content).take();
  return render_event({.wall_s = wall_s},
                      ProtobufWriter()
                          .bytes(1, tag)
                          .bytes(9, ProtobufWriter().bytes(1, plugin).take())
                          .bytes(8, kEmptyTensor)
                          .take());
}

std::string render_value(const Value& value) {
  ProtobufWriter out;
  if (const auto* number = std::get_if<double>(&value)) {
    out.number(2, *number);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    out.bytes(3, *text);
  } else {
    out.boolean(4, std::get<bool>(value));
  }
  return out.take();
}

}  // namespace

std::string render_version_event(double wall_s) {
  return framed(ProtobufWriter().number(1, wall_s).bytes(3, kFileVersion).take());
}

std::string render_scalar_event(const EventTime& time, std::string_view tag, float value) {
  return render_event(time, ProtobufWriter().bytes(1, tag).number(2, value).take());
}

std::string render_picture_event(const EventTime& time,
                                 std::string_view tag,
                                 const EventPicture& picture) {
  const std::string image =
      ProtobufWriter()
          .varint(1, static_cast<std::uint64_t>(picture.height))
          .varint(2, static_cast<std::uint64_t>(picture.width))
          .varint(3, kGrey)
          .bytes(4, {reinterpret_cast<const char*>(picture.png.data()), picture.png.size()})
          .take();
  return render_event(time, ProtobufWriter().bytes(1, tag).bytes(4, image).take());
}

std::string render_session_start(double wall_s, const SessionStart& start) {
  ProtobufWriter info;
  for (const auto& [name, value] : start.parameters) {
    info.bytes(1, ProtobufWriter().bytes(1, name).bytes(2, render_value(value)).take());
  }
  info.bytes(4, start.group).number(5, start.start_s);
  return render_session_event(
      wall_s, "_hparams_/session_start_info", ProtobufWriter().bytes(3, info.take()).take());
}

std::string render_session_end(double wall_s, const SessionEnd& end) {
  ProtobufWriter info;
  info.varint(1, static_cast<std::uint64_t>(end.status));
  if (end.end_s) {
    info.number(2, *end.end_s);
  }
  return render_session_event(
      wall_s, "_hparams_/session_end_info", ProtobufWriter().bytes(4, info.take()).take());
}

}  // namespace glimpse::reports
