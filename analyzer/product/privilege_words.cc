#include "analyzer/product/privilege_sink.h"

// Which words grant which privilege. Levels as docs/scoring.md: 1 little … 4 all the dimension means. A manifest speaks
// of one machine or one account, so few words alone are a 4.
namespace assay::product {
namespace {

constexpr PrivilegeWord scripts[] = {
    {"chmod u+s", "AGT", 2, "a program is made to run as its owner (setuid)"},
    {"chmod +s", "AGT", 2, "a program is made to run as its owner (setuid)"},
    {"chmod 4", "AGT", 2, "a program is made to run as its owner (setuid)", {}, "chmod 4 "},
    {"%attr(4", "AGT", 2, "a program is installed to run as its owner (setuid)"},
    {"setcap cap_sys_admin", "AGT", 3, "a program gets CAP_SYS_ADMIN"},
    {"setcap cap_net_admin", "NET", 2, "a program gets CAP_NET_ADMIN"},
    {"Add-MpPreference", "SUP", 4, "a folder or process is excluded from the virus scanner", "-Exclusion"},
    {"Set-MpPreference", "SUP", 4, "the virus scanner is weakened", "-Disable"},
    {"Set-MpPreference", "SUP", 4, "a folder or process is excluded from the virus scanner", "-Exclusion"},
    {"Windows Defender\\Exclusions", "SUP", 4, "a folder or process is excluded from the virus scanner"},
    {"mdatp exclusion", "SUP", 4, "a folder or process is excluded from the virus scanner", "add"},
    {"setenforce 0", "SUP", 3, "SELinux stops enforcing"},
    {"SELINUX=disabled", "SUP", 3, "SELinux is switched off"},
    {"auditctl -e 0", "SUP", 3, "the audit log is switched off"},
    {"systemctl stop auditd", "SUP", 3, "the audit log is stopped"},
    {"netsh advfirewall set", "SUP", 3, "the firewall is switched off", "state off"},
    {"insmod ", "KRN", 4, "a kernel module is loaded"},
    {"modprobe ", "KRN", 3, "a kernel module is loaded", {}, "modprobe -r"},
    {"dkms install", "KRN", 4, "a kernel module is built and installed"},
    {"/etc/modules-load.d", "KRN", 4, "a kernel module is loaded at every start"},
    {"pnputil", "KRN", 4, "a driver is installed", "add-driver"},
    {"pnputil -i -a", "KRN", 4, "a driver is installed"},
    {"devcon install", "KRN", 4, "a driver is installed"},
    {"sc create", "KRN", 4, "a kernel driver is registered", "type= kernel"},
    {"sc.exe create", "KRN", 4, "a kernel driver is registered", "type= kernel"},
    {"sc create", "AGT", 3, "a Windows service runs as LocalSystem", {}, "obj="},
    {"sc.exe create", "AGT", 3, "a Windows service runs as LocalSystem", {}, "obj="},
    {"sc create", "AGT", 3, "a Windows service runs as LocalSystem", "LocalSystem"},
    {"New-Service", "AGT", 3, "a Windows service runs as LocalSystem", {}, "-Credential"},
    {"SimpleSC::InstallService", "AGT", 3, "the installer registers a Windows service"},
    {"nsSCM::Install", "AGT", 3, "the installer registers a Windows service"},
    {"schtasks", "AGT", 3, "a scheduled task runs as SYSTEM", "SYSTEM"},
    {"RequestExecutionLevel admin", "AGT", 1, "the installer demands administrator rights"},
    {"PrivilegesRequired=admin", "AGT", 1, "the installer demands administrator rights"},
    {"net localgroup administrators", "DOM", 2, "an account is added to the local administrators", "/add"},
    {"Add-LocalGroupMember", "DOM", 2, "an account is added to the local administrators", "Administrators"},
    {"net group \"Domain Admins\"", "DOM", 4, "an account is added to the domain administrators", "/add"},
    {"usermod", "AGT", 3, "an account may use the container daemon, which is root", "docker"},
    {"gpasswd -a", "AGT", 3, "an account may use the container daemon, which is root", "docker"},
    {"NOPASSWD: ALL", "RCE", 3, "an account may run any command as root without a password"},
    {"NOPASSWD:ALL", "RCE", 3, "an account may run any command as root without a password"},
    {"certutil", "NET", 3, "a root certificate is installed, so TLS of others can be read", "-addstore"},
    {"Import-Certificate", "NET", 3, "a root certificate is installed, so TLS of others can be read", "Root"},
    {"update-ca-certificates", "NET", 3, "a root certificate is installed, so TLS of others can be read"},
    {"update-ca-trust", "NET", 3, "a root certificate is installed, so TLS of others can be read"},
    {"security add-trusted-cert", "NET", 3, "a root certificate is installed, so TLS of others can be read"},
    {"/etc/apt/sources.list.d/", "UPD", 2, "the vendor's package source is added to the machine"},
    {"/etc/yum.repos.d/", "UPD", 2, "the vendor's package source is added to the machine"},
    {"rpm --import", "UPD", 2, "the vendor's signing key is trusted for every package"},
    {"docker.sock", "RCE", 3, "it uses the container daemon's socket, which is root on the host"},
    {"kldload ", "KRN", 4, "a kernel module is loaded"},
    {"kextload ", "KRN", 4, "a kernel extension is loaded"},
    {"ld.so.preload", "AGT", 4, "a library is loaded into every program"},
};

constexpr PrivilegeWord xml[] = {
    {"requireAdministrator", "AGT", 2, "the program demands administrator rights"},
    {"uiAccess=\"true\"", "AGT", 2, "the program may drive other programs' windows"},
    {"Windows Defender\\Exclusions", "SUP", 4, "a folder or process is excluded from the virus scanner"},
    {"android.permission.BIND_DEVICE_ADMIN", "AGT", 4, "the app is a device administrator"},
    {"android.permission.BIND_ACCESSIBILITY_SERVICE", "AGT", 3, "the app reads and presses what is on the screen"},
    {"android.permission.BIND_VPN_SERVICE", "NET", 3, "the app carries the device's traffic"},
    {"android.permission.BIND_NOTIFICATION_LISTENER_SERVICE", "DAT", 2, "the app reads all notifications"},
    {"android.permission.INSTALL_PACKAGES", "RCE", 3, "the app installs others without asking"},
    {"android.permission.REQUEST_INSTALL_PACKAGES", "UPD", 2, "the app installs packages it fetched itself"},
    {"android.permission.DELETE_PACKAGES", "SUP", 3, "the app removes others without asking"},
    {"android.permission.WRITE_SECURE_SETTINGS", "SUP", 3, "the app changes security settings"},
    {"android.permission.MANAGE_EXTERNAL_STORAGE", "DAT", 2, "the app reads all shared files"},
    {"android.permission.READ_SMS", "SEC", 2, "the app reads messages, one-time codes included"},
    {"android.permission.RECEIVE_SMS", "SEC", 2, "the app reads messages, one-time codes included"},
    {"android.permission.READ_LOGS", "DAT", 2, "the app reads other apps' logs"},
    {"com.apple.security.files.all", "DAT", 3, "the program reads all files"},
    {"com.apple.developer.endpoint-security.client", "KRN", 3,
     "the program watches every process through Endpoint Security"},
    {"com.apple.developer.system-extension.install", "KRN", 3, "the program installs a system extension"},
    {"com.apple.developer.networking.networkextension", "NET", 3, "the program filters or carries the traffic"},
};

constexpr PrivilegeWord capabilities[] = {
    {"ALL", "AGT", 4, "all capabilities"},
    {"SYS_ADMIN", "AGT", 3, "CAP_SYS_ADMIN, nearly root"},
    {"SYS_MODULE", "KRN", 4, "CAP_SYS_MODULE, may load kernel modules"},
    {"SYS_RAWIO", "KRN", 3, "CAP_SYS_RAWIO, reaches hardware"},
    {"BPF", "KRN", 2, "CAP_BPF, runs programs in the kernel"},
    {"NET_ADMIN", "NET", 2, "CAP_NET_ADMIN, changes the network"},
    {"NET_RAW", "NET", 1, "CAP_NET_RAW, reads the wire"},
    {"SYS_PTRACE", "SEC", 2, "CAP_SYS_PTRACE, reads other processes' memory"},
    {"DAC_OVERRIDE", "DAT", 2, "CAP_DAC_OVERRIDE, reads every file"},
    {"DAC_READ_SEARCH", "DAT", 2, "CAP_DAC_READ_SEARCH, reads every file"},
    {"SETUID", "AGT", 2, "CAP_SETUID, becomes any user"},
    {"AUDIT_CONTROL", "SUP", 3, "CAP_AUDIT_CONTROL, may stop the audit log"},
};

constexpr PrivilegeWord iam[] = {
    {"*", "HYP", 4, "every action of the account"},
    {"iam:*", "IDP", 3, "everything about identities and their rights"},
    {"iam:CreateAccessKey", "IDP", 2, "makes credentials for others"},
    {"iam:AttachRolePolicy", "IDP", 3, "gives itself further rights"},
    {"iam:PutRolePolicy", "IDP", 3, "gives itself further rights"},
    {"iam:PassRole", "IDP", 2, "hands roles to machines"},
    {"sts:*", "IDP", 2, "takes on other roles"},
    {"sts:AssumeRole", "IDP", 2, "takes on other roles"},
    {"ec2:*", "HYP", 3, "everything about virtual machines"},
    {"ec2:RunInstances", "HYP", 2, "starts virtual machines"},
    {"ec2:CreateSnapshot", "HYP", 2, "copies disks"},
    {"ssm:*", "RCE", 3, "runs commands on managed machines"},
    {"ssm:SendCommand", "RCE", 3, "runs commands on managed machines"},
    {"lambda:*", "RCE", 2, "changes and runs functions"},
    {"eks:*", "HYP", 3, "everything about clusters"},
    {"secretsmanager:*", "SEC", 3, "reads and changes all secrets"},
    {"secretsmanager:GetSecretValue", "SEC", 3, "reads secrets"},
    {"kms:*", "SEC", 3, "everything about keys"},
    {"kms:Decrypt", "SEC", 2, "decrypts with the account's keys"},
    {"s3:*", "DAT", 3, "reads and changes stored data"},
    {"s3:GetObject", "DAT", 2, "reads stored data"},
    {"dynamodb:*", "DAT", 3, "reads and changes tables"},
    {"rds:*", "DAT", 3, "everything about databases"},
    {"backup:*", "BKP", 4, "reads and deletes backups"},
    {"backup:Delete*", "BKP", 3, "deletes backups"},
    {"codebuild:*", "CIC", 3, "changes builds"},
    {"codepipeline:*", "CIC", 3, "changes release pipelines"},
    {"ecr:*", "CIC", 3, "changes the images others run"},
    {"organizations:*", "MTN", 4, "reaches every account of the organisation"},
    {"cloudtrail:StopLogging", "SUP", 4, "stops the audit log"},
    {"cloudtrail:*", "SUP", 4, "stops or deletes the audit log"},
    {"guardduty:*", "SUP", 3, "switches detection off"},
    {"roles/owner", "HYP", 4, "owner of the project"},
    {"roles/editor", "HYP", 3, "changes everything in the project"},
    {"roles/iam.serviceAccountTokenCreator", "IDP", 3, "makes tokens for other identities"},
    {"roles/secretmanager.secretAccessor", "SEC", 3, "reads secrets"},
    {"Microsoft.Authorization/*", "IDP", 3, "gives rights to itself and others"},
    {"Microsoft.Compute/*", "HYP", 3, "everything about virtual machines"},
    {"Microsoft.KeyVault/*", "SEC", 3, "everything about key vaults"},
};

constexpr PrivilegeWord extensions[] = {
    {"<all_urls>", "DAT", 3, "reads and changes every page"},
    {"*://*/*", "DAT", 3, "reads and changes every page"},
    {"http://*/*", "DAT", 3, "reads and changes every page"},
    {"https://*/*", "DAT", 3, "reads and changes every page"},
    {"nativeMessaging", "AGT", 2, "talks to a program outside the browser"},
    {"debugger", "API", 3, "drives other tabs with the user's sessions"},
    {"proxy", "NET", 3, "decides where traffic goes"},
    {"webRequestBlocking", "NET", 2, "changes requests on their way"},
    {"management", "SUP", 2, "switches other extensions off"},
    {"cookies", "SEC", 2, "reads session cookies"},
    {"clipboardRead", "DAT", 1, "reads the clipboard"},
    {"tabCapture", "DAT", 2, "records pages"},
    {"desktopCapture", "DAT", 2, "records the screen"},
};

constexpr PrivilegeWord scopes[] = {
    {"Directory.ReadWrite.All", "DOM", 4, "changes every user and group of the tenant"},
    {"RoleManagement.ReadWrite.Directory", "DOM", 4, "makes administrators of the tenant"},
    {"AppRoleAssignment.ReadWrite.All", "DOM", 4, "gives itself any right in the tenant"},
    {"Application.ReadWrite.All", "IDP", 3, "adds credentials to any application"},
    {"Policy.ReadWrite.ConditionalAccess", "IDP", 3, "changes who may sign in"},
    {"UserAuthenticationMethod.ReadWrite.All", "IDP", 3, "changes how anyone signs in"},
    {"DeviceManagementConfiguration.ReadWrite.All", "RCE", 4, "pushes settings and scripts to every device"},
    {"DeviceManagementManagedDevices.PrivilegedOperations.All", "RCE", 3, "wipes and commands devices"},
    {"Mail.ReadWrite", "API", 3, "reads and changes mail"},
    {"Mail.Read", "API", 2, "reads mail"},
    {"Mail.Send", "API", 2, "sends mail as the user"},
    {"Files.ReadWrite.All", "API", 4, "reads and changes all files"},
    {"Files.Read.All", "API", 3, "reads all files"},
    {"Sites.FullControl.All", "API", 4, "controls all sites"},
    {"Sites.ReadWrite.All", "API", 4, "reads and changes all sites"},
    {"User.ReadWrite.All", "DOM", 3, "changes every user"},
    {"https://mail.google.com/", "API", 4, "reads, sends and deletes all mail"},
    {"https://www.googleapis.com/auth/drive", "API", 4, "reads and changes all files"},
    {"https://www.googleapis.com/auth/admin.directory.user", "DOM", 4, "changes every user of the domain"},
    {"https://www.googleapis.com/auth/cloud-platform", "HYP", 3, "everything the user may do in the cloud"},
    {"admin:org", "CIC", 4, "administers the organisation's repositories"},
    {"repo", "CIC", 3, "reads and changes private repositories"},
    {"workflow", "CIC", 3, "changes pipelines"},
    {"write:packages", "CIC", 3, "publishes packages"},
    {"admin:repo_hook", "CIC", 2, "adds hooks to repositories"},
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::span<const PrivilegeWord> script_words() {
  return scripts;
}
std::span<const PrivilegeWord> xml_words() {
  return xml;
}
std::span<const PrivilegeWord> capability_words() {
  return capabilities;
}
std::span<const PrivilegeWord> iam_words() {
  return iam;
}
std::span<const PrivilegeWord> extension_words() {
  return extensions;
}
std::span<const PrivilegeWord> scope_words() {
  return scopes;
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::size_t find_word(std::string_view text, std::string_view word, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  const auto at = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), word.begin(), word.end(),
                              [](char x, char y) { return lower(x) == lower(y); });
  return at == text.end() && !word.empty() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

}  // namespace assay::product
