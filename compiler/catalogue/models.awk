# Merges the facts of models.jq, after sources.txt, into the lines of apis.txt (unsorted).

# Event sources of a service, joined with commas.
function sources_of(prefix, signing,    list) {
    if (prefix in exception)
        return exception[prefix]
    if (prefix !~ /\./)
        list = prefix
    signing = tolower(signing)
    if (signing != "" && signing != prefix && signing !~ /^(execute-api|aws-marketplace)$/)
        list = signing < list || list == "" ? signing (list == "" ? "" : "," list) : list "," signing
    return list
}

# How sure the parameters are. Requests that are forms are logged by a rule that has no exception in any log seen.
function mode_of(protocol) {
    return protocol ~ /^(ec2|rest-xml)$/ ? "*" : protocol == "query" ? "=" : "~"
}

# "=" < "~" < "*": the less certain of two.
function less_certain(a, b) {
    return a == "*" || b == "*" ? "*" : a == "~" || b == "~" ? "~" : "="
}

function add(name, sources, mode, parameters,    key, list, n, i) {
    key = name " " sources
    modes[key] = key in modes ? less_certain(modes[key], mode) : mode
    n = split(parameters, list, " ")
    for (i = 1; i <= n; i++)
        if (index(" " all[key], " " list[i] " ") == 0)
            all[key] = all[key] list[i] " "
}

function sort_words(words, n,    i, j, word) {
    for (i = 2; i <= n; i++) {
        word = words[i]
        for (j = i - 1; j > 0 && words[j] > word; j--)
            words[j + 1] = words[j]
        words[j + 1] = word
    }
}

# `a= b.x b.y` as `a b{x,y}`.
function spelled(tokens,    list, n, i, at, name, members, line) {
    n = split(tokens, list, " ")
    sort_words(list, n)
    for (i = 1; i <= n; i++) {
        if ((at = index(list[i], ".")) > 0) {
            if (index(" " tokens, " " substr(list[i], 1, at - 1) "= ") > 0)
                continue
            members = substr(list[i], 1, at - 1) == name ? members "," substr(list[i], at + 1) : substr(list[i], at + 1)
            name = substr(list[i], 1, at - 1)
            if (i < n && index(list[i + 1], name ".") == 1)
                continue
            line = line " " name "{" members "}"
        } else {
            name = substr(list[i], 1, length(list[i]) - 1)
            line = line " " name
        }
        name = ""
    }
    return line
}

FILENAME ~ /sources\.txt$/ {
    if ($0 !~ /^#/) {
        split($0, word, " ")
        exception[word[1]] = word[2]
    }
    next
}

{
    sources = sources_of($2, $3)
    if (sources == "")
        next
    mode = mode_of($4)
    add($1, sources, mode, $6)
    # Event names that carry the API's version.
    if ($2 == "cloudfront") {
        gsub("-", "_", $5)
        add($1 $5, sources, mode, $6)
    } else if ($2 == "lambda") {
        gsub("-", "", $5)
        add($1 $5, sources, mode, $6)
        add($1 $5 "v2", sources, mode, $6)
    }
}

END {
    for (key in modes)
        print key, modes[key] (modes[key] == "*" ? "" : spelled(all[key]))
}
