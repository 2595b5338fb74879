#include "core/stages/sequence.h"

#include "core/stages/evidence.h"

namespace waybill::stages {

Job surveyed(const Stage& stage, const Facts& facts, const Ports& ports, const Values& inputs) {
  Job job{facts, ports, inputs, {}, {}, lineage::Upstream::nothing()};
  if (stage.survey == nullptr) return job;
  Survey survey = stage.survey(job);
  job.consignments = std::move(survey.due);
  job.set_aside = std::move(survey.set_aside);
  job.upstream = ports.demanded(requirements(job, stage.name));
  return job;
}

}  // namespace waybill::stages
