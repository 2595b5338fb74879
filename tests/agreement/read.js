// sigstore-js as a reader: to each line ["BUNDLE", "ARTIFACT", "IDENTITY"] it answers `accepts`, or the reason why not.
// usage: node read.js TRUSTED_ROOT ISSUER
const { createHash } = require('crypto')
const { readFileSync } = require('fs')
const { createInterface } = require('readline')
const { bundleFromJSON } = require('@sigstore/bundle')
const { TrustedRoot } = require('@sigstore/protobuf-specs')
const { toSignedEntity, toTrustMaterial, Verifier } = require('@sigstore/verify')

const [root, issuer] = process.argv.slice(2)
const json = path => JSON.parse(readFileSync(path, 'utf8'))
const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(json(root))))
const exactly = text => '^' + text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') + '$' // it takes a pattern

function verify(bundlePath, artifactPath, identity) {
  const bundle = bundleFromJSON(json(bundlePath))
  const artifact = readFileSync(artifactPath)
  verifier.verify(toSignedEntity(bundle, artifact), { subjectAlternativeName: exactly(identity), extensions: { issuer } })
  if (bundle.content.$case !== 'dsseEnvelope') return
  const digest = createHash('sha256').update(artifact).digest('hex') // comparing subjects is left to the caller
  const { subject } = JSON.parse(bundle.content.dsseEnvelope.payload)
  if (!subject.some(each => each.digest.sha256 === digest)) throw new Error('no subject is this artifact')
}

createInterface({ input: process.stdin }).on('line', line => {
  try {
    verify(...JSON.parse(line))
    console.log('accepts')
  } catch (error) {
    console.log(`${error.name}: ${error.message}`.replace(/\s+/g, ' '))
  }
})
