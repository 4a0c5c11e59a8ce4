// Drives the npm package perspective-api-client; its host is rewritten, as it has no option for one.
// Usage: node npm_client.cjs PACKAGE_FOLDER BASE_URL
"use strict";
const path = require("node:path");
const [folder, base] = process.argv.slice(2);
const axios = require(path.join(folder, "..", "axios"));
const Perspective = require(folder);

axios.interceptors.request.use((config) => {
  config.url = config.url.replace("https://commentanalyzer.googleapis.com", base);
  return config;
});

(async () => {
  const client = new Perspective({ apiKey: "cle" });
  const scored = await client.analyze("Quel abruti, ce maire.", { languages: ["fr"] });
  const refused = await client
    .analyze("Merci", { attributes: ["NICE"], languages: ["fr"] })
    .then(() => "scored", (error) => error.message);
  console.log(JSON.stringify({ scored, refused }));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
