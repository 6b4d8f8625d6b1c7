#include <algorithm>
#include <cstddef>
#include <map>
#include <stdexcept>

#include "reports/charts/number_text.h"
#include "reports/charts/plot.h"
#include "reports/html/page_parts.h"
#include "reports/html/run_links.h"
#include "reports/html/sections.h"
#include "storage/zlib/png_writer.h"

namespace glimpse::reports {
namespace {

constexpr double kLongSide = 100;  // units of a drawing, whatever an image has of pixels
constexpr double kMargin = 5;      // around an image, where boxes reach over its edge

std::size_t count_wrong(const GalleryItem& item) {
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < item.targets.size(); ++i) {
    wrong += i < item.predictions.size() && item.predictions[i] == item.targets[i] ? 0 : 1;
  }
  return wrong;
}

std::vector<std::size_t> worst_first(const std::vector<GalleryItem>& gallery) {
  std::vector<std::size_t> order(gallery.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::ranges::stable_sort(
      order, std::greater(), [&](std::size_t i) { return count_wrong(gallery[i]); });
  return order;
}

std::string join(const std::vector<int>& digits) {
  std::string text;
  for (const int digit : digits) {
    text += (text.empty() ? "" : " ") + std::to_string(digit);
  }
  return text;
}

std::vector<std::byte> png_of(const Picture& picture) {
  const auto pixels = static_cast<std::size_t>(std::max(picture.width, 0)) *
                      static_cast<std::size_t>(std::max(picture.height, 0));
  if (pixels == 0 || picture.pixels.size() != pixels) {
    throw std::invalid_argument("draw a picture: " + std::to_string(picture.pixels.size()) +
                                " pixels do not fill " + std::to_string(picture.width) + " x " +
                                std::to_string(picture.height));
  }
  return storage::render_png(
      picture.pixels, picture.width, picture.height, storage::PngColor::kGrey);
}

Element draw_box(const CropBox& box, std::size_t glimpse, double scale) {
  // Centres of pixels lie at whole numbers, edges of pixels in a drawing do.
  const auto place = [&](double pixel) { return scale * (pixel + 0.5); };
  const PlotBox edges{place(box.left), place(box.top), place(box.right), place(box.bottom)};
  Element group("g");
  group.set_class("box g" + std::to_string(glimpse % kSeriesStyles));
  group.add(draw_rect(edges).set_class("under"));
  Element line = draw_rect(edges);
  if (!series_dash(glimpse).empty()) {
    line.set("stroke-dasharray", series_dash(glimpse));
  }
  group.add(line);
  group.add(draw_text({std::max(edges.left + 2, -kMargin + 1), std::max(edges.top + 9, 5.0)},
                      Anchor::kStart,
                      std::to_string(glimpse + 1)));
  return group;
}

Element draw_image(const GalleryItem& item, std::size_t number) {
  const std::vector<std::byte> png = png_of(item.image);
  const double scale = kLongSide / std::max(item.image.width, item.image.height);
  const double width = scale * item.image.width;
  const double height = scale * item.image.height;
  const Id title = Id("image", number);
  Element svg("svg");
  svg.set_class("image")
      .set("viewBox",
           render_coordinate(-kMargin) + ' ' + render_coordinate(-kMargin) + ' ' +
               render_coordinate(width + 2 * kMargin) + ' ' +
               render_coordinate(height + 2 * kMargin))
      .set("role", "img")
      .set("aria-labelledby", title.text());
  svg.add(Element("title").set_id(title).text("Image " + std::to_string(item.index) + ": " +
                                              join(item.targets) + ", read as " +
                                              join(item.predictions)));
  svg.add(Element("image")
              .set("width", render_coordinate(width))
              .set("height", render_coordinate(height))
              .show_png(png));
  for (std::size_t i = 0; i < item.boxes.size(); ++i) {
    svg.add(draw_box(item.boxes[i], i, scale));
  }
  return svg;
}

// What was read at a place is marked where it is wrong, and not by colour alone.
Element render_digit(const GalleryItem& item, std::size_t place) {
  const bool is_right =
      place < item.targets.size() && item.predictions[place] == item.targets[place];
  Element digit(is_right ? TagName("span") : TagName("mark"));
  return digit.set_class("digit").text(std::to_string(item.predictions[place]));
}

// Each glimpse beside the digit that was read there, where there is one for each.
Element draw_crops(const GalleryItem& item) {
  Element row("div");
  row.set_class("crops");
  for (std::size_t i = 0; i < item.crops.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    Element below("span");
    below.set_class("aside").text(number);
    if (item.crops.size() == item.predictions.size()) {
      below.text(": ").add(render_digit(item, i));
    }
    row.add(Element("span")
                .set_class("crop g" + std::to_string(i % kSeriesStyles))
                .add(Element("img")
                         .set("alt", "glimpse " + number)
                         .set("width", std::to_string(item.crops[i].width))
                         .set("height", std::to_string(item.crops[i].height))
                         .show_png(png_of(item.crops[i])))
                .add(below));
  }
  return row;
}

Element render_reading(const GalleryItem& item) {
  Element reading("p");
  reading.set_class("reading");
  reading.add(Element("span").set_class("aside").text("is "));
  for (const int target : item.targets) {
    reading.add(Element("span").set_class("digit").text(std::to_string(target)));
  }
  reading.add(Element("span").set_class("aside").text(" read "));
  for (std::size_t i = 0; i < item.predictions.size(); ++i) {
    reading.add(render_digit(item, i));
  }
  return reading;
}

Element render_item(const GalleryItem& item,
                    std::size_t number,
                    std::size_t model,
                    const RunLinks& links) {
  Element card("article");
  card.set_class("card")
      .set("data-model", std::to_string(model))
      .set("data-wrong", std::to_string(count_wrong(item)));
  card.add(draw_image(item, number));
  card.add(render_reading(item));
  if (!item.crops.empty()) {
    card.add(draw_crops(item));
  }
  Element note("p");
  note.set_class("note").add(make_name(item.model));
  note.text(", seed " + std::to_string(item.seed) + ", image " + std::to_string(item.index) +
            ", run ");
  return card.add(note.add(make_run(item.run_id, links)));
}

// The first picture of each cell is where the table's links lead.
Element render_cards(const std::vector<GalleryItem>& gallery,
                     const std::vector<std::size_t>& picked,
                     const std::map<std::string, std::size_t>& models,
                     const RunLinks& links) {
  Element cards("div");
  cards.set_class("cards");
  std::set<std::size_t> seen;
  for (std::size_t i = 0; i < picked.size(); ++i) {
    const GalleryItem& item = gallery[picked[i]];
    Element card = render_item(item, i, models.at(item.model), links);
    const auto cell = links.cells.find(item.run_id);
    if (cell != links.cells.end() && seen.insert(cell->second).second) {
      card.set_id(pictures_id(cell->second));
    }
    cards.add(card);
  }
  return cards;
}

// Shown by the script, which makes it work.
Element render_filter(const std::map<std::string, std::size_t>& models) {
  Element form("form");
  form.set_class("filter").set("hidden");
  Element model("select");
  model.set("name", "model").add(Element("option").set("value", "").text("all models"));
  for (const auto& [name, number] : models) {
    model.add(
        Element("option").set("value", std::to_string(number)).add(Element("bdi").text(name)));
  }
  Element wrong("select");
  wrong.set("name", "wrong")
      .add(Element("option").set("value", "").text("right and wrong"))
      .add(Element("option").set("value", "wrong").text("wrong"))
      .add(Element("option").set("value", "right").text("right"));
  form.add(Element("label").text("Model ").add(model));
  form.add(Element("label").text("Reading ").add(wrong));
  return form.add(Element("output").set("aria-live", "polite"));
}

}  // namespace

// In rounds, so that a bad model does not crowd out the others; then the worst first again.
std::vector<std::size_t> pick_pictures(const std::vector<GalleryItem>& gallery, std::size_t limit) {
  std::map<std::string, std::size_t> taken;
  std::vector<std::pair<std::size_t, std::size_t>> rounds;  // round, place among the worst
  const std::vector<std::size_t> order = worst_first(gallery);
  for (std::size_t place = 0; place < order.size(); ++place) {
    rounds.emplace_back(taken[gallery[order[place]].model]++, place);
  }
  std::ranges::sort(rounds);
  rounds.resize(std::min(limit, rounds.size()));
  std::vector<std::size_t> places;
  places.reserve(rounds.size());
  for (const auto& [round, place] : rounds) {
    places.push_back(place);
  }
  std::ranges::sort(places);
  for (std::size_t& place : places) {
    place = order[place];
  }
  return places;
}

Element render_gallery(const std::vector<GalleryItem>& gallery,
                       const std::vector<std::size_t>& picked,
                       const RunLinks& links) {
  Element section = make_section("gallery", "Where the network looked");
  if (gallery.empty()) {
    return section.add(make_note("No trial has kept pictures."));
  }
  std::map<std::string, std::size_t> models;
  for (const std::size_t item : picked) {
    models.emplace(gallery[item].model, 0);
  }
  std::size_t next = 0;
  for (auto& [name, number] : models) {
    number = next++;
  }
  section.add(
      make_note("Test images with the box of each glimpse and what was cut out there; the "
                "worst first, " +
                std::to_string(picked.size()) + " of " + std::to_string(gallery.size()) +
                " that were kept."));
  section.add(render_filter(models));
  return section.add(render_cards(gallery, picked, models, links));
}

}  // namespace glimpse::reports
