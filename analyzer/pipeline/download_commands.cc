#include "analyzer/pipeline/command_kinds.h"
#include "analyzer/pipeline/command_words.h"

namespace assay::pipeline {

using namespace words;

std::string download(const std::string& program, const std::vector<std::string>& args) {
  const bool web = in(program, {"curl", "wget", "iwr", "irm", "aria2c", "fetch", "invoke-webrequest",
                                "invoke-restmethod", "start-bitstransfer", "bitsadmin", "curlie", "http"});
  const bool git = program == "git" && in(operand(args), {"clone", "submodule"});
  if (!web && !git) {
    // (New-Object Net.WebClient).DownloadString('…')
    for (const std::string& word : args) {
      if (word.find("DownloadString") != std::string::npos || word.find("DownloadFile") != std::string::npos) {
        const std::size_t url = word.find("http");
        return url == std::string::npos ? word : word.substr(url, word.find_first_of("'\")", url) - url);
      }
    }
    return {};
  }
  for (const std::string& word : args) {
    if (is_url(word)) return word;
  }
  bool value_next = false;
  for (const std::string& word : args) {
    const bool value = value_next;
    value_next = in(word, {"-o", "-O", "-H", "-X", "-d", "-u", "--output", "--header", "--data", "--request", "--user",
                           "-outfile", "-OutFile", "--retry", "-T"});
    if (program == "wget" && word == "-O") value_next = true;
    if (program == "curl" && word == "-O") value_next = false;
    if (value || word.empty() || word[0] == '-') continue;
    if (git && in(word, {"clone", "submodule", "update", "init"})) continue;
    if (word.find('.') != std::string::npos || word.find('$') != std::string::npos ||
        word.find(':') != std::string::npos)
      return word;
  }
  return {};
}

}  // namespace assay::pipeline
