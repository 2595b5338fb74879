// sigstore-js as a writer, by a signing config. usage: node write.js dsseEnvelope|messageSignature FILE BUNDLE CONFIG TOKEN
const { readFileSync, writeFileSync } = require('fs')
const { bundleToJSON } = require('@sigstore/bundle')
const { SigningConfig } = require('@sigstore/protobuf-specs')
const { bundleBuilderFromSigningConfig } = require('@sigstore/sign')

const [bundleType, file, bundle, config, token] = process.argv.slice(2)
const json = JSON.parse(readFileSync(config, 'utf8'))
const builder = bundleBuilderFromSigningConfig({
  bundleType,
  signingConfig: SigningConfig.fromJSON({ ...json, tsaConfig: { selector: 'ANY' } }), // it knows no other selector
  identityProvider: { getToken: async () => token },
})
builder.create({ data: readFileSync(file), type: 'application/vnd.in-toto+json' })
  .then(made => writeFileSync(bundle, JSON.stringify(bundleToJSON(made))))
