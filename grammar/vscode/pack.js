#!/usr/bin/env node
// Packs this folder into dlm.vsix, which is a zip of files that are stored as they are.
// node grammar/vscode/pack.js [OUTPUT]
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const zlib = require('node:zlib')

const manifest = require('./package.json')
const files = fs.readdirSync(__dirname).filter((name) => /\.(js|json|md)$/.test(name) && name !== 'pack.js')

const types = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension=".json" ContentType="application/json"/>
<Default Extension=".js" ContentType="application/javascript"/>
<Default Extension=".md" ContentType="text/markdown"/>
<Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
`
const description = `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
<Metadata>
<Identity Language="en-US" Id="${manifest.name}" Version="${manifest.version}" Publisher="${manifest.publisher}"/>
<DisplayName>${manifest.displayName}</DisplayName>
<Description xml:space="preserve">${manifest.description}</Description>
<Categories>${manifest.categories.join(',')}</Categories>
<Properties>
<Property Id="Microsoft.VisualStudio.Code.Engine" Value="${manifest.engines.vscode}"/>
</Properties>
</Metadata>
<Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
<Dependencies/>
<Assets>
<Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
<Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
</Assets>
</PackageManifest>
`

/** The sum that zip keeps of each file: the last four bytes but four of its gzip. */
const crc = (bytes) => zlib.gzipSync(bytes).subarray(-8, -4).readUInt32LE()

const entries = [
  ['[Content_Types].xml', Buffer.from(types)], ['extension.vsixmanifest', Buffer.from(description)],
  ...files.map((name) => [`extension/${name}`, fs.readFileSync(path.join(__dirname, name))]),
]
const parts = []
const directory = []
let offset = 0
for (const [name, bytes] of entries) {
  // Version 2.0, no flags, stored, 1 January 1980.
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(0x21, 8)
  fields.writeUInt32LE(crc(bytes), 10)
  fields.writeUInt32LE(bytes.length, 14)
  fields.writeUInt32LE(bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  const place = Buffer.alloc(14)
  place.writeUInt32LE(offset, 10)
  parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), bytes)
  directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, place, Buffer.from(name))
  offset += 4 + fields.length + name.length + bytes.length
}
const list = Buffer.concat(directory)
const end = Buffer.alloc(22)
end.write('PK\x05\x06', 'latin1')
end.writeUInt16LE(entries.length, 8)
end.writeUInt16LE(entries.length, 10)
end.writeUInt32LE(list.length, 12)
end.writeUInt32LE(offset, 16)

const output = process.argv[2] ?? 'dlm.vsix'
fs.writeFileSync(output, Buffer.concat([...parts, list, end]))
console.log(`${output}: ${entries.length} files; code --install-extension ${output}`)
