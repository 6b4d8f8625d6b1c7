#include "worker/eval.h"

#include "worker/evaluation.h"
#include "worker/recipe.h"

namespace glimpse::worker {

std::string eval(const TrainedTrialOptions& options, bool is_json, const EngineFactory& engines) {
  const TrainedTrial trained = open_trained_trial(options, engines);
  trained.engine->use(options.weights);
  const Evaluation evaluation =
      evaluate(*trained.engine,
               options.split,
               trained.shelf.splits().at(experiments::split_index(options.split)),
               static_cast<std::uint64_t>(make_recipe(trained.trial.parameters).batch_size));
  const EvaluationSubject subject{.checkpoint = options.checkpoint.string(),
                                  .key = trained.trial.key,
                                  .step = trained.position.step,
                                  .best_epoch = trained.position.best_epoch,
                                  .epoch = trained.position.epoch - 1,
                                  .weights = std::string(weights_name(options.weights)),
                                  .split = std::string(experiments::split_name(options.split))};
  return is_json ? render_evaluation_json(subject, evaluation)
                 : render_evaluation(subject, evaluation);
}

}  // namespace glimpse::worker
