#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-only
"""check-attestations.py SCHEMAS PROTO_OUT DIR: the three documents in DIR against the
published schemas: JSON Schema for SPDX and CycloneDX, protobuf's JSON form for in-toto and
SLSA (fields that are not in the definition are an error there)."""
import json
import os
import sys

import jsonschema
from google.protobuf import json_format


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return json.load(f)


def against(schemas, name, document):
    schema = load(schemas, name)
    store = {}
    for other in ("spdx.schema.json", "jsf-0.82.schema.json"):
        one = load(schemas, other)
        store[one["$id"]] = one
        store[other] = one
    kind = jsonschema.validators.validator_for(schema)
    resolver = jsonschema.RefResolver.from_schema(schema, store=store)
    errors = list(kind(schema, resolver=resolver).iter_errors(document))
    for e in errors[:10]:
        print(name, "/".join(map(str, e.absolute_path)), e.message[:200])
    return not errors


def provenance(generated, document):
    sys.path.insert(0, generated)
    from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
    from in_toto_attestation.v1 import statement_pb2

    try:
        statement = json_format.ParseDict(document, statement_pb2.Statement())
        json_format.ParseDict(document["predicate"], provenance_pb2.Provenance())
    except json_format.ParseError as e:
        print("provenance:", e)
        return False
    return statement.type == "https://in-toto.io/Statement/v1" and len(statement.subject) > 0


def main():
    schemas, generated, folder = sys.argv[1:4]
    good = [
        against(schemas, "bom-1.6.schema.json", load(folder, "sbom.cdx.json")),
        against(schemas, "spdx-2.3.schema.json", load(folder, "sbom.spdx.json")),
        provenance(generated, load(folder, "provenance.intoto.json")),
    ]
    return 0 if all(good) else 1


sys.exit(main())
