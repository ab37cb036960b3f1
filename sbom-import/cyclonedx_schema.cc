#include "sbom-import/cyclonedx_schema.h"

#include <array>
#include <iterator>

namespace assay::sbom {
namespace {

using namespace std::string_view_literals;
using O = ObjectName;
using S = Shape;

constexpr std::array formats = {"CycloneDX"sv};
constexpr std::array component_types = {
    "application"sv,        "framework"sv, "library"sv,  "container"sv,     "operating-system"sv,       "device"sv,
    "firmware"sv,           "file"sv,      "platform"sv, "device-driver"sv, "machine-learning-model"sv, "data"sv,
    "cryptographic-asset"sv};
constexpr std::array scopes = {"required"sv, "optional"sv, "excluded"sv};
constexpr std::array algorithms = {"MD5"sv,         "SHA-1"sv,    "SHA-256"sv,      "SHA-384"sv,     "SHA-512"sv,
                                   "SHA3-256"sv,    "SHA3-384"sv, "SHA3-512"sv,     "BLAKE2b-256"sv, "BLAKE2b-384"sv,
                                   "BLAKE2b-512"sv, "BLAKE3"sv,   "Streebog-256"sv, "Streebog-512"sv};
constexpr std::array encodings = {"base64"sv};
constexpr std::array acknowledgements = {"declared"sv, "concluded"sv};
constexpr std::array patch_types = {"unofficial"sv, "monkey"sv, "backport"sv, "cherry-pick"sv};
constexpr std::array issue_types = {"defect"sv, "enhancement"sv, "security"sv};
constexpr std::array flows = {"inbound"sv, "outbound"sv, "bi-directional"sv, "unknown"sv};
constexpr std::array aggregates = {"complete"sv,
                                   "incomplete"sv,
                                   "incomplete_first_party_only"sv,
                                   "incomplete_first_party_proprietary_only"sv,
                                   "incomplete_first_party_opensource_only"sv,
                                   "incomplete_third_party_only"sv,
                                   "incomplete_third_party_proprietary_only"sv,
                                   "incomplete_third_party_opensource_only"sv,
                                   "unknown"sv,
                                   "not_specified"sv};
constexpr std::array severities = {"critical"sv, "high"sv, "medium"sv, "low"sv, "info"sv, "none"sv, "unknown"sv};
constexpr std::array methods = {"CVSSv2"sv, "CVSSv3"sv, "CVSSv31"sv, "CVSSv4"sv, "OWASP"sv, "SSVC"sv, "other"sv};
constexpr std::array states = {"resolved"sv,  "resolved_with_pedigree"sv, "exploitable"sv,
                               "in_triage"sv, "false_positive"sv,         "not_affected"sv};
constexpr std::array justifications = {
    "code_not_present"sv,     "code_not_reachable"sv,     "requires_configuration"sv,
    "requires_dependency"sv,  "requires_environment"sv,   "protected_by_compiler"sv,
    "protected_at_runtime"sv, "protected_at_perimeter"sv, "protected_by_mitigating_control"sv};
constexpr std::array responses = {"can_not_fix"sv, "will_not_fix"sv, "update"sv, "rollback"sv,
                                  "workaround_available"sv};
constexpr std::array affected_states = {"affected"sv, "unaffected"sv, "unknown"sv};
constexpr std::array phases = {"design"sv,     "pre-build"sv, "build"sv,       "post-build"sv,
                               "operations"sv, "discovery"sv, "decommission"sv};

constexpr FieldRule required(FieldRule rule, int since = 2, int until = newest_version) {
  rule.required_since = since;
  rule.required_until = until;
  return rule;
}
constexpr FieldRule since(int version, FieldRule rule) {
  rule.since = version;
  return rule;
}

constexpr FieldRule bom_ref = {"bom-ref", S::filled};
constexpr FieldRule properties = since(3, {"properties", S::objects, O::property});
constexpr FieldRule signature = since(4, {"signature", S::anything});
constexpr FieldRule references = {"externalReferences", S::objects, O::external_reference};

constexpr std::array document_fields = {
    FieldRule{"$schema", S::text},
    required({"bomFormat", S::word, O::none, formats}),
    required({"specVersion", S::text}),
    FieldRule{"serialNumber", S::serial},
    required({"version", S::integer}, 2, 4),
    FieldRule{"metadata", S::object, O::metadata},
    FieldRule{"components", S::objects, O::component},
    FieldRule{"services", S::objects, O::service},
    references,
    FieldRule{"dependencies", S::objects, O::dependency},
    since(3, {"compositions", S::objects, O::composition}),
    since(4, {"vulnerabilities", S::objects, O::vulnerability}),
    since(5, {"annotations", S::objects, O::annotation}),
    since(5, {"formulation", S::list}),
    since(6, {"declarations", S::anything}),
    since(6, {"definitions", S::anything}),
    since(7, {"citations", S::list}),
    properties,
    signature,
};
constexpr std::array metadata_fields = {
    FieldRule{"timestamp", S::time},
    since(5, {"lifecycles", S::objects, O::lifecycle}),
    FieldRule{"tools", S::anything, O::tools},
    FieldRule{"authors", S::objects, O::contact},
    FieldRule{"component", S::object, O::component},
    FieldRule{"manufacture", S::object, O::organization},
    since(6, {"manufacturer", S::object, O::organization}),
    FieldRule{"supplier", S::object, O::organization},
    since(3, {"licenses", S::objects, O::license_choice}),
    properties,
    since(7, {"distributionConstraints", S::anything}),
};
constexpr std::array tool_fields = {FieldRule{"vendor", S::text}, FieldRule{"name", S::text},
                                    FieldRule{"version", S::text}, FieldRule{"hashes", S::objects, O::hash},
                                    since(4, references)};
constexpr std::array tools_fields = {FieldRule{"components", S::objects, O::component},
                                     FieldRule{"services", S::objects, O::service}};
constexpr std::array component_fields = {
    required({"type", S::word, O::none, component_types}),
    FieldRule{"mime-type", S::text},
    bom_ref,
    FieldRule{"supplier", S::object, O::organization},
    since(6, {"manufacturer", S::object, O::organization}),
    since(6, {"authors", S::objects, O::contact}),
    FieldRule{"author", S::text},
    FieldRule{"publisher", S::text},
    FieldRule{"group", S::text},
    required({"name", S::text}),
    required({"version", S::text}, 2, 3),
    since(7, {"versionRange", S::text}),
    since(7, {"isExternal", S::boolean}),
    FieldRule{"description", S::text},
    FieldRule{"scope", S::word, O::none, scopes},
    FieldRule{"hashes", S::objects, O::hash},
    FieldRule{"licenses", S::objects, O::license_choice},
    FieldRule{"copyright", S::text},
    since(7, {"patentAssertions", S::anything}),
    FieldRule{"cpe", S::text},
    FieldRule{"purl", S::text},
    since(6, {"omniborId", S::texts}),
    since(6, {"swhid", S::texts}),
    FieldRule{"swid", S::object, O::swid},
    FieldRule{"modified", S::boolean},
    FieldRule{"pedigree", S::object, O::pedigree},
    references,
    FieldRule{"components", S::objects, O::component},
    since(3, {"evidence", S::object, O::evidence}),
    since(4, {"releaseNotes", S::object, O::release_notes}),
    since(5, {"modelCard", S::anything}),
    since(5, {"data", S::list}),
    since(6, {"cryptoProperties", S::anything}),
    since(6, {"tags", S::texts}),
    properties,
    signature,
};
constexpr std::array service_fields = {
    bom_ref,
    FieldRule{"provider", S::object, O::organization},
    FieldRule{"group", S::text},
    required({"name", S::text}),
    FieldRule{"version", S::text},
    FieldRule{"description", S::text},
    FieldRule{"endpoints", S::texts},
    FieldRule{"authenticated", S::boolean},
    FieldRule{"x-trust-boundary", S::boolean},
    since(5, {"trustZone", S::text}),
    FieldRule{"data", S::objects, O::service_data},
    FieldRule{"licenses", S::objects, O::license_choice},
    since(7, {"patentAssertions", S::anything}),
    references,
    FieldRule{"services", S::objects, O::service},
    since(4, {"releaseNotes", S::object, O::release_notes}),
    since(6, {"tags", S::texts}),
    properties,
    signature,
};
constexpr std::array hash_fields = {required({"alg", S::word, O::none, algorithms}), required({"content", S::digest})};
constexpr std::array license_choice_fields = {FieldRule{"license", S::object, O::license},
                                              FieldRule{"expression", S::text},
                                              since(6, {"acknowledgement", S::word, O::none, acknowledgements}),
                                              since(5, bom_ref),
                                              since(7, {"expressionDetails", S::list}),
                                              since(7, {"licensing", S::anything}),
                                              since(7, properties)};
constexpr std::array license_fields = {since(5, bom_ref),
                                       FieldRule{"id", S::license_id},
                                       FieldRule{"name", S::text},
                                       FieldRule{"text", S::object, O::attachment},
                                       FieldRule{"url", S::address},
                                       since(6, {"acknowledgement", S::word, O::none, acknowledgements}),
                                       since(5, {"licensing", S::anything}),
                                       since(5, properties)};
constexpr std::array attachment_fields = {FieldRule{"contentType", S::text},
                                          FieldRule{"encoding", S::word, O::none, encodings},
                                          required({"content", S::text})};
constexpr std::array organization_fields = {since(5, bom_ref), FieldRule{"name", S::text}, FieldRule{"url", S::texts},
                                            FieldRule{"contact", S::objects, O::contact},
                                            since(6, {"address", S::anything})};
constexpr std::array contact_fields = {since(5, bom_ref), FieldRule{"name", S::text}, FieldRule{"email", S::text},
                                       FieldRule{"phone", S::text}};
constexpr std::array property_fields = {required({"name", S::text}, 6), FieldRule{"value", S::text}};
constexpr std::array swid_fields = {required({"tagId", S::text}),   required({"name", S::text}),
                                    FieldRule{"version", S::text},  FieldRule{"tagVersion", S::integer},
                                    FieldRule{"patch", S::boolean}, FieldRule{"text", S::object, O::attachment},
                                    FieldRule{"url", S::address}};
constexpr std::array pedigree_fields = {
    FieldRule{"ancestors", S::objects, O::component}, FieldRule{"descendants", S::objects, O::component},
    FieldRule{"variants", S::objects, O::component},  FieldRule{"commits", S::objects, O::commit},
    FieldRule{"patches", S::objects, O::patch},       FieldRule{"notes", S::text}};
constexpr std::array commit_fields = {FieldRule{"uid", S::text}, FieldRule{"url", S::address},
                                      FieldRule{"author", S::object, O::person},
                                      FieldRule{"committer", S::object, O::person}, FieldRule{"message", S::text}};
constexpr std::array person_fields = {FieldRule{"timestamp", S::time}, FieldRule{"name", S::text},
                                      FieldRule{"email", S::text}};
constexpr std::array patch_fields = {required({"type", S::word, O::none, patch_types}),
                                     FieldRule{"diff", S::object, O::diff},
                                     FieldRule{"resolves", S::objects, O::issue}};
constexpr std::array diff_fields = {FieldRule{"text", S::object, O::attachment}, FieldRule{"url", S::address}};
constexpr std::array issue_fields = {required({"type", S::word, O::none, issue_types}),
                                     FieldRule{"id", S::text},
                                     FieldRule{"name", S::text},
                                     FieldRule{"description", S::text},
                                     FieldRule{"source", S::object, O::source},
                                     FieldRule{"references", S::texts}};
constexpr std::array source_fields = {FieldRule{"name", S::text}, FieldRule{"url", S::address}};
constexpr std::array reference_fields = {required({"url", S::text}), FieldRule{"comment", S::text},
                                         required({"type", S::text}), since(3, {"hashes", S::objects, O::hash}),
                                         since(7, properties)};
constexpr std::array dependency_fields = {required({"ref", S::filled}), FieldRule{"dependsOn", S::texts},
                                          since(6, {"provides", S::texts})};
constexpr std::array service_data_fields = {
    required({"flow", S::word, O::none, flows}), required({"classification", S::text}), since(5, {"name", S::text}),
    since(5, {"description", S::text}),          since(5, {"governance", S::anything}), since(5, {"source", S::list}),
    since(5, {"destination", S::list})};
constexpr std::array composition_fields = {since(5, bom_ref),
                                           required({"aggregate", S::word, O::none, aggregates}),
                                           FieldRule{"assemblies", S::texts},
                                           FieldRule{"dependencies", S::texts},
                                           since(5, {"vulnerabilities", S::texts}),
                                           signature};
constexpr std::array vulnerability_fields = {bom_ref,
                                             FieldRule{"id", S::text},
                                             FieldRule{"source", S::object, O::source},
                                             FieldRule{"references", S::objects, O::vulnerability_reference},
                                             FieldRule{"ratings", S::objects, O::rating},
                                             FieldRule{"cwes", S::list},
                                             FieldRule{"description", S::text},
                                             FieldRule{"detail", S::text},
                                             FieldRule{"recommendation", S::text},
                                             since(5, {"workaround", S::text}),
                                             since(5, {"proofOfConcept", S::anything}),
                                             FieldRule{"advisories", S::objects, O::advisory},
                                             FieldRule{"created", S::time},
                                             FieldRule{"published", S::time},
                                             FieldRule{"updated", S::time},
                                             since(5, {"rejected", S::time}),
                                             FieldRule{"credits", S::object, O::credits},
                                             FieldRule{"tools", S::anything, O::tools},
                                             FieldRule{"analysis", S::object, O::analysis},
                                             FieldRule{"affects", S::objects, O::affects},
                                             properties};
constexpr std::array vulnerability_reference_fields = {required({"id", S::text}),
                                                       required({"source", S::object, O::source})};
constexpr std::array rating_fields = {FieldRule{"source", S::object, O::source},
                                      FieldRule{"score", S::number},
                                      FieldRule{"severity", S::word, O::none, severities},
                                      FieldRule{"method", S::word, O::none, methods},
                                      FieldRule{"vector", S::text},
                                      FieldRule{"justification", S::text}};
constexpr std::array analysis_fields = {FieldRule{"state", S::word, O::none, states},
                                        FieldRule{"justification", S::word, O::none, justifications},
                                        FieldRule{"response", S::word_list, O::none, responses},
                                        FieldRule{"detail", S::text},
                                        since(5, {"firstIssued", S::time}),
                                        since(5, {"lastUpdated", S::time})};
constexpr std::array affects_fields = {required({"ref", S::filled}),
                                       FieldRule{"versions", S::objects, O::version_range}};
constexpr std::array version_range_fields = {FieldRule{"version", S::text}, FieldRule{"range", S::text},
                                             FieldRule{"status", S::word, O::none, affected_states}};
constexpr std::array advisory_fields = {FieldRule{"title", S::text}, required({"url", S::address})};
constexpr std::array credits_fields = {FieldRule{"organizations", S::objects, O::organization},
                                       FieldRule{"individuals", S::objects, O::contact}};
constexpr std::array annotation_fields = {bom_ref,
                                          required({"subjects", S::texts}),
                                          required({"annotator", S::anything}),
                                          required({"timestamp", S::time}),
                                          required({"text", S::text}),
                                          signature};
constexpr std::array lifecycle_fields = {FieldRule{"phase", S::word, O::none, phases}, FieldRule{"name", S::text},
                                         FieldRule{"description", S::text}};
constexpr std::array evidence_fields = {
    since(5, {"identity", S::anything}), since(5, {"occurrences", S::list}), since(5, {"callstack", S::anything}),
    FieldRule{"licenses", S::objects, O::license_choice}, FieldRule{"copyright", S::list}};
constexpr std::array release_notes_fields = {required({"type", S::text}),
                                             FieldRule{"title", S::text},
                                             FieldRule{"featuredImage", S::address},
                                             FieldRule{"socialImage", S::address},
                                             FieldRule{"description", S::text},
                                             FieldRule{"timestamp", S::time},
                                             FieldRule{"aliases", S::texts},
                                             FieldRule{"tags", S::texts},
                                             FieldRule{"resolves", S::objects, O::issue},
                                             FieldRule{"notes", S::objects, O::note},
                                             properties};
constexpr std::array note_fields = {FieldRule{"locale", S::text}, required({"text", S::object, O::attachment})};

constexpr ObjectRule nothing = {{}, false};
constexpr ObjectRule rules[] = {
    nothing,
    {document_fields},
    {metadata_fields},
    {tool_fields},
    {tools_fields},
    {component_fields},
    {service_fields},
    {hash_fields},
    {license_choice_fields},
    {license_fields},
    {attachment_fields},
    {organization_fields},
    {contact_fields},
    {property_fields},
    {swid_fields},
    {pedigree_fields},
    {commit_fields},
    {person_fields},
    {patch_fields},
    {diff_fields},
    {issue_fields},
    {source_fields},
    {reference_fields},
    {dependency_fields},
    {service_data_fields},
    {composition_fields},
    {vulnerability_fields},
    {rating_fields},
    {analysis_fields},
    {affects_fields},
    {version_range_fields},
    {advisory_fields},
    {credits_fields},
    {annotation_fields},
    {lifecycle_fields},
    {evidence_fields},
    {release_notes_fields},
    {vulnerability_reference_fields},
    {note_fields},
};
static_assert(std::size(rules) == static_cast<std::size_t>(ObjectName::note) + 1);

}  // namespace

const ObjectRule& rule_of(ObjectName name) {
  return rules[static_cast<std::size_t>(name)];
}

}  // namespace assay::sbom
