// The browser is found on the machine (scripts/lib/chromium.mjs), never downloaded by the install.
module.exports = { skipDownload: true };
