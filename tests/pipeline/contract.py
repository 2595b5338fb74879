"""Holds recorded exchanges (core/sandbox/transcript.h) against GitHub's API description; see tests/pipeline/contract."""
import collections, hashlib, json, re, sys, urllib.parse

import jsonschema

REFUSALS = {401, 403, 404, 405, 409, 422}  # where an operation's own list has none
VERSION = '2022-11-28'
# Operations of GitHub's that the description at hand leaves out: settings, which `doctor` reads and people change,
# and what an account may do.
BEYOND = re.compile(r"""GET\ /apps/[^/]+
    |PATCH\ /repos/\{owner\}/\{repo\}/?
    |\w+\ /repos/\{owner\}/\{repo\}/(
        collaborators/[^/]+/permission
        |environments(/[^/]+(/secrets|/deployment-branch-policies)?)?
        |(actions|dependabot)/secrets(/[^/]+)?
        |actions/(organization-secrets|permissions(/[a-z-]+)?|runs/\d+(/attempts/\d+)?|workflows/[^/]+/(enable|disable)))""", re.VERBOSE)


class Description:
    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            document = json.load(file)
        self.definitions = document['definitions']
        self.allow_null_bundles(document)
        self.operations = [(self.pattern(operation['path']), name, operation) for name, operation in document['operations'].items()]
        self.validators = {}

    # {ref}, {path} and the like hold slashes; what has fewer parameters comes first.
    @staticmethod
    def pattern(path):
        parts = re.split(r'(\{\w+\})', path)
        return re.compile(''.join(
            ('(.+)' if part in ('{ref}', '{path}', '{branch}', '{tag}', '{basehead}') else '([^/]+)') if part.startswith('{') else re.escape(part)
            for part in parts) + r'\Z')

    # GitHub leaves a large bundle out of its list, for its address to be asked; the description has no null there.
    @classmethod
    def allow_null_bundles(cls, schema):
        for name, inner in schema.items() if isinstance(schema, dict) else enumerate(schema):
            if name == 'bundle' and isinstance(inner, dict) and inner.get('type') == 'object':
                inner['type'] = ['object', 'null']
            if isinstance(inner, (dict, list)):
                cls.allow_null_bundles(inner)

    def find(self, method, path):
        fitting = [(match.re.groups, sum('/' in group for group in match.groups()), name, operation)
                   for pattern, name, operation in self.operations
                   if operation['method'] == method and (match := pattern.match(path))]
        return min(fitting, key=lambda one: one[:2])[2:] if fitting else None

    def complaint(self, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            self.validators[key] = jsonschema.Draft7Validator({**schema, 'definitions': self.definitions})
        error = jsonschema.exceptions.best_match(self.validators[key].iter_errors(value))
        return error and f'{error.json_path}: {error.message[:300]}'

    def members(self, schema):
        if '$ref' in schema:
            return self.members(self.definitions[schema['$ref'].rsplit('/', 1)[1]])
        named = set(schema.get('properties', {}))
        for choice in ('allOf', 'anyOf', 'oneOf'):
            for part in schema.get(choice, []):
                named |= self.members(part)
        return named


def typed(text, schema):
    if schema.get('type') == 'integer' and re.fullmatch(r'-?\d+', text):
        return int(text)
    if schema.get('type') == 'boolean' and text in ('true', 'false'):
        return text == 'true'
    return text


def asked_wrongly(description, operation, line):
    for name, text in line['query'].items():
        known = operation.get('query', {}).get(name)
        if known is None:
            yield f'query `{name}` is unknown'
        elif complaint := description.complaint(known.get('schema', {}), typed(text, known.get('schema', {}))):
            yield f'query `{name}`: {complaint}'
    schema = operation.get('request')
    if schema and isinstance(line['request'], dict):
        if complaint := description.complaint(schema, line['request']):
            yield f'request {complaint}'
        known = description.members(schema)
        for name in sorted(set(line['request']) - known if known else ()):
            yield f'request member `{name}` is unknown'
    if line['agent'].startswith('waybill') and line['version'] != VERSION:
        yield f'asks for version `{line["version"]}`'


def answered_wrongly(description, operation, line):
    responses, status = operation['responses'], str(line['status'])
    known_already = status == '304' and line['method'] == 'GET'
    if known_already or not line['json'] or 'application/octet-stream' in line['accept']:
        return
    if status not in responses:
        if line['status'] not in REFUSALS:
            yield f'never answers {status}'
        elif complaint := description.complaint({'$ref': '#/definitions/basic-error'}, line['answer']):
            yield f'answer {complaint}'
    elif responses[status] is not None and (complaint := description.complaint(responses[status], line['answer'])):
        yield f'answer {status} {complaint}'


def main():
    description = Description(sys.argv[1])
    used, seen, beyond, complaints, exchanges = collections.defaultdict(collections.Counter), set(), collections.Counter(), collections.Counter(), 0
    for transcript in sys.argv[2:]:
        with open(transcript, encoding='utf-8') as file:
            for text in file:
                line, digest = json.loads(text), hashlib.sha256(text.encode()).digest()
                exchanges += 1
                found = description.find(line['method'], urllib.parse.unquote(line['path']))
                if found is None:
                    what = line['method'] + ' ' + re.sub(r'^/repos/[^/]+/[^/]+', '/repos/{owner}/{repo}', line['path'])
                    if BEYOND.fullmatch(what):
                        beyond[re.sub(r'(?<=/)(waybill-[a-z-]+|\d+|[A-Z_]+|[a-z-]+\.yml)', '…', what)] += 1
                    else:
                        complaints[what + ' is no operation'] += 1
                    continue
                name, operation = found
                used[name]['by stages' if line['workflow'] else 'by people'] += 1
                used[name][line['status']] += 1
                if digest in seen:
                    continue
                seen.add(digest)
                wrong = asked_wrongly(description, operation, line) if line['workflow'] else ()  # people may ask for anything
                for complaint in (*wrong, *answered_wrongly(description, operation, line)):
                    complaints[f'{name}: {complaint}'] += 1
    print(f'  {"operation":<55} {"stages":>7} {"people":>7}  answers')
    for name, count in sorted(used.items()):
        statuses = ' '.join(f'{status}×{number}' for status, number in sorted((k, v) for k, v in count.items() if isinstance(k, int)))
        print(f'  {name:<55} {count["by stages"]:>7} {count["by people"]:>7}  {statuses}')
    for what, count in sorted(beyond.items()):
        print(f'  not in the description: {what} ×{count}')
    for text, count in sorted(complaints.items()):
        print(f'  WRONG ×{count}: {text}')
    print(f'{exchanges} exchanges, {len(used)} of {len(description.operations)} operations, {sum(complaints.values())} complaints')
    if complaints or not used:
        sys.exit(1)


main()
