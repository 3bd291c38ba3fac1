/*
 * schema.c - `trailc schema`: the JSON Schema of a rule document, for editors.
 *
 * Printed from the tables in keys.c, so that it says what the loader reads. A schema sees one document, so it
 * cannot know of a pack's defaults: `filter` is not required by it. Filters and conditions are texts to it.
 */
#include "document.h"

static void print_text(FILE *f, const char *text)
{
    fputc('"', f);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', f);
        fputc(*text, f);
    }
    fputc('"', f);
}

/* A type's schema is an object: the description becomes its first member. */
static void print_property(FILE *f, const struct key *key)
{
    fprintf(f, "        \"%s\": {\"description\": ", key->name);
    print_text(f, key->says);
    fprintf(f, ", %s", key->type->schema + 1);
}

static bool belongs(const struct shape *shape, const struct key *key)
{
    return !(shape->defaults && key->own);
}

static void print_required(FILE *f, const struct shape *shape)
{
    const char *separator = "      \"required\": [";
    bool any = false;
    for (size_t i = 0; i < shape->n; i++) {
        if (!shape->keys[i].required || shape->defaults)
            continue;
        fprintf(f, "%s\"%s\"", separator, shape->keys[i].name);
        separator = ", ";
        any = true;
    }
    if (any)
        fputs("],\n", f);
}

/* A clock's digit, at a place of HH:MM, in both hours. */
static void print_same_digit(FILE *f, size_t place, char digit)
{
    static const char *const before[] = {"", ".", "..:", "..:."};
    fprintf(f, "{\"properties\": {\"from\": {\"pattern\": \"^%s%c\"}, \"to\": {\"pattern\": \"^%s%c\"}}}",
            before[place], digit, before[place], digit);
}

/* Hours that end where they begin are refused. No schema compares two values, but four digits can be had one by one. */
static void print_hours_differ(FILE *f)
{
    static const char last[] = {'2', '9', '5', '9'};
    fputs("      \"not\": {\"anyOf\": [\n"
          "        {\"required\": [\"to\"], \"properties\": {\"from\": false, \"to\": {\"enum\": "
          "[\"00:00\"]}}},\n"
          "        {\"required\": [\"from\", \"to\"], \"allOf\": [",
          f);
    for (size_t place = 0; place < sizeof last; place++) {
        fputs(place ? ",\n          {\"anyOf\": [" : "\n          {\"anyOf\": [", f);
        for (char digit = '0'; digit <= last[place]; digit++) {
            fputs(digit > '0' ? ", " : "", f);
            print_same_digit(f, place, digit);
        }
        fputs("]}", f);
    }
    fputs("]}]},\n", f);
}

static void print_shape(FILE *f, const struct shape *shape)
{
    fprintf(f, "    \"%s\": {\n      \"description\": ", shape->name);
    print_text(f, shape->says);
    fputs(",\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n", f);
    print_required(f, shape);
    if (shape == &shape_test)
        fputs("      \"oneOf\": [{\"required\": [\"events\"]}, {\"required\": [\"file\"]}],\n", f);
    if (shape == &shape_hours)
        print_hours_differ(f);
    fputs("      \"properties\": {\n", f);
    const char *separator = "";
    for (size_t i = 0; i < shape->n; i++) {
        if (!belongs(shape, &shape->keys[i]))
            continue;
        fputs(separator, f);
        print_property(f, &shape->keys[i]);
        separator = ",\n";
    }
    fputs("\n      }\n    }", f);
}

void schema_print(FILE *f)
{
    fputs("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
          "  \"title\": \"A document of a trailc pack\",\n"
          "  \"description\": \"An alert, or the pack's header.\",\n"
          "  \"oneOf\": [{\"$ref\": \"#/definitions/alert\"}, {\"$ref\": \"#/definitions/header\"}],\n"
          "  \"definitions\": {\n",
          f);
    for (size_t i = 0; all_shapes[i]; i++) {
        if (i)
            fputs(",\n", f);
        print_shape(f, all_shapes[i]);
    }
    fputs("\n  }\n}\n", f);
}
