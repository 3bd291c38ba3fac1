import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.InetAddressPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * What Lucene says of filters over records.
 *
 *     Verdicts CORPUS FILTERS VERDICTS
 *
 * CORPUS has one JSON object a line, FILTERS one filter a line (U+E000 and U+E001 stand for a line feed and a
 * carriage return in it). VERDICTS gets a line for each filter: a
 * hexadecimal digit for each four records, the first record in the digit's highest bit; or `!` and Lucene's
 * message.
 *
 * The index is what Elasticsearch makes of strings by default: each value is text (the standard analyzer) and
 * a keyword beside it, but of any length. Elasticsearch gives a field one type; here a field may hold strings,
 * numbers and booleans, and the latter two are one token each, as they are spelled. Further sub-fields hold
 * what an author of Elasticsearch's mappings would add for the other views: numeric (a double), ip, json (the
 * JSON text, a keyword), folded (the keyword without case).
 */
public final class Verdicts {
    static final String EVERYWHERE = "everywhere", EXISTS = "_exists_";

    // ---- records ----

    /** Reads one line's JSON and puts each value into a document, at its path. */
    static final class Record {
        final String json;
        final Document document = new Document();
        final Set<String> paths = new TreeSet<>();
        int at = 0;

        Record(String json) throws IOException {
            this.json = json;
            value("");
            for (String path : paths)
                document.add(new StringField(EXISTS, path, Field.Store.NO));
        }

        char next() {
            while (" \t\r\n".indexOf(json.charAt(at)) >= 0)
                at++;
            return json.charAt(at);
        }

        void value(String path) throws IOException {
            char first = next();
            int from = at;
            boolean full = true;
            if (first == '{')
                full = members(path);
            else if (first == '[')
                full = elements(path);
            else if (first == '"')
                string(path, string());
            else
                full = scalar(path);
            if (full && !path.isEmpty()) {
                keyword(path + ".json", json.substring(from, at));
                keyword(path + ".json.folded", folded(json.substring(from, at)));
            }
        }

        /** Whether the container holds anything. */
        boolean members(String path) throws IOException {
            boolean any = false;
            for (at++; next() != '}'; any = true) {
                if (json.charAt(at) == ',')
                    at++;
                next();
                String key = string();
                next();
                at++;
                value(path.isEmpty() ? key : path + "." + key);
            }
            at++;
            return any;
        }

        boolean elements(String path) throws IOException {
            boolean any = false;
            for (at++; next() != ']'; any = true) {
                if (json.charAt(at) == ',')
                    at++;
                value(path);
            }
            at++;
            return any;
        }

        String string() {
            StringBuilder text = new StringBuilder();
            for (at++; json.charAt(at) != '"'; at++) {
                char c = json.charAt(at);
                if (c == '\\') {
                    c = json.charAt(++at);
                    int plain = "bfnrt".indexOf(c);
                    if (plain >= 0)
                        c = "\b\f\n\r\t".charAt(plain);
                    if (c == 'u') {
                        c = (char) Integer.parseInt(json.substring(at + 1, at + 5), 16);
                        at += 4;
                    }
                }
                text.append(c);
            }
            at++;
            return text.toString();
        }

        boolean scalar(String path) throws IOException {
            int from = at;
            while (at < json.length() && ",]} \t\r\n".indexOf(json.charAt(at)) < 0)
                at++;
            String spelled = json.substring(from, at);
            if (spelled.equals("null"))
                return false;
            document.add(new TextField(path, oneToken(spelled)));
            document.add(new TextField(EVERYWHERE, oneToken(spelled)));
            views(path, spelled);
            return true;
        }

        void string(String path, String text) throws IOException {
            document.add(new TextField(path, text, Field.Store.NO));
            document.add(new TextField(EVERYWHERE, text, Field.Store.NO));
            views(path, text);
        }

        void views(String path, String text) throws IOException {
            for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1))
                paths.add(path.substring(0, end));
            keyword(path + ".keyword", text);
            keyword(path + ".folded", folded(text));
            Double number = number(text);
            if (number != null)
                document.add(new DoublePoint(path + ".numeric", number));
            InetAddress address = address(text);
            if (address != null)
                document.add(new InetAddressPoint(path + ".ip", address));
        }

        /** Lucene takes no terms over 32,766 bytes. */
        void keyword(String field, String text) {
            if (text.getBytes(StandardCharsets.UTF_8).length <= 32766)
                document.add(new StringField(field, text, Field.Store.NO));
        }
    }

    /** A stream that the analyzer's gap between values applies to, which it does not for fields without one. */
    static TokenStream oneToken(String spelled) throws IOException {
        KeywordTokenizer tokens = new KeywordTokenizer();
        tokens.setReader(new StringReader(spelled.replace('E', 'e')));
        return tokens;
    }

    /** Unicode's simple case folding, in which the Turkish letters have no other case. */
    static String folded(String text) {
        int[] points = text.codePoints()
            .map(c -> c == 0x130 || c == 0x131 ? c : Character.toLowerCase(Character.toUpperCase(c)))
            .toArray();
        return new String(points, 0, points.length);
    }

    /** Adding zero makes -0 a zero. */
    static Double number(String text) {
        return text.matches("[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?") ? Double.valueOf(text) + 0.0 : null;
    }

    /** Never asks a name server: what has a colon or is four numbers is an address or fails. */
    static InetAddress address(String text) throws IOException {
        String part = "(0|[1-9][0-9]{0,2})";
        boolean four = text.matches(part + "(\\." + part + "){3}");
        boolean six = text.indexOf(':') >= 0 && text.matches("[0-9a-fA-F:]+([.0-9]+)?");
        try {
            return four || six ? InetAddress.getByName(text) : null;
        } catch (java.net.UnknownHostException no) {
            return null;
        }
    }

    // ---- the index ----

    /** The last key, if there is more than one. */
    static String view(String field) {
        int dot = field.lastIndexOf('.');
        return dot < 0 ? "" : field.substring(dot + 1);
    }

    static final class Views extends DelegatingAnalyzerWrapper {
        static final Set<String> WHOLE = Set.of("keyword", "json", "folded");
        final Analyzer text = new StandardAnalyzer(), whole = new KeywordAnalyzer();

        Views() {
            super(PER_FIELD_REUSE_STRATEGY);
        }

        static boolean isWhole(String field) {
            return field.equals(EXISTS) || WHOLE.contains(view(field));
        }

        @Override protected Analyzer getWrappedAnalyzer(String field) {
            return isWhole(field) ? whole : text;
        }

        /** A phrase stands in one value. */
        @Override public int getPositionIncrementGap(String field) {
            return 100;
        }
    }

    static IndexReader index(Analyzer analyzer, List<String> lines) throws IOException {
        ByteBuffersDirectory memory = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setMergePolicy(NoMergePolicy.INSTANCE); // records stay in their order
        config.setRAMBufferSizeMB(256);
        try (IndexWriter writer = new IndexWriter(memory, config)) {
            for (String line : lines)
                writer.addDocument(new Record(line).document);
        }
        return DirectoryReader.open(memory);
    }

    // ---- filters ----

    /** Lucene's parser with what Elasticsearch's query_string adds to it. */
    static final class Filters extends QueryParser {
        Filters(Analyzer analyzer) {
            super(EVERYWHERE, analyzer);
            setAllowLeadingWildcard(true);
        }

        /** A sub-query that only negates matches the rest. */
        @Override protected Query getBooleanQuery(List<BooleanClause> clauses) throws ParseException {
            Query query = super.getBooleanQuery(clauses);
            if (query == null || !clauses.stream().allMatch(BooleanClause::isProhibited))
                return query;
            BooleanQuery.Builder rest = new BooleanQuery.Builder();
            clauses.forEach(rest::add);
            return rest.add(new MatchAllDocsQuery(), BooleanClause.Occur.FILTER).build();
        }

        /** `*` asks whether the field is there. */
        @Override protected Query getWildcardQuery(String field, String pattern) throws ParseException {
            if (!pattern.equals("*"))
                return super.getWildcardQuery(field, pattern);
            boolean any = field == null || field.equals(EVERYWHERE) || field.equals("*");
            return any ? new MatchAllDocsQuery() : new TermQuery(new Term(EXISTS, field));
        }

        /** As it is written: Elasticsearch gives it to the field's type, which does not lower its case. */
        @Override protected Query getRegexpQuery(String field, String regex) throws ParseException {
            return newRegexpQuery(new Term(field, regex));
        }

        @Override protected Query getFieldQuery(String field, String text, boolean quoted) throws ParseException {
            Query compared = quoted ? null : comparison(field, text);
            if (compared != null)
                return compared;
            if (view(field).equals("numeric") || view(field).equals("ip"))
                return point(field, text);
            Query words = super.getFieldQuery(field, text, quoted);
            if (number(text) == null || Views.isWhole(field))
                return words;
            // A number of the log is one token, and the words of the filter's number may be others.
            Query spelled = new TermQuery(new Term(field, text.replace('E', 'e')));
            BooleanQuery.Builder either = new BooleanQuery.Builder().add(spelled, BooleanClause.Occur.SHOULD);
            return words == null ? spelled : either.add(words, BooleanClause.Occur.SHOULD).build();
        }

        /** `field:>=bound` */
        Query comparison(String field, String text) throws ParseException {
            if (text.length() < 2 || "<>".indexOf(text.charAt(0)) < 0)
                return null;
            boolean inclusive = text.length() > 2 && text.charAt(1) == '=';
            String bound = text.substring(inclusive ? 2 : 1);
            return text.charAt(0) == '>' ? getRangeQuery(field, bound, null, inclusive, true)
                                         : getRangeQuery(field, null, bound, true, inclusive);
        }

        Query point(String field, String text) throws ParseException {
            if (view(field).equals("numeric"))
                return DoublePoint.newExactQuery(field, numberOf(text));
            int slash = text.indexOf('/');
            InetAddress address = addressOf(slash < 0 ? text : text.substring(0, slash));
            if (slash < 0)
                return InetAddressPoint.newExactQuery(field, address);
            int bits = Integer.parseInt(text.substring(slash + 1));
            boolean mapped = address instanceof Inet4Address && text.indexOf(':') >= 0; // ::ffff:0:0/96
            return mapped ? block(field, InetAddressPoint.encode(address), bits)
                          : InetAddressPoint.newPrefixQuery(field, address, bits);
        }

        /** From the block's first address to its last. */
        static Query block(String field, byte[] address, int bits) {
            byte[] low = address.clone(), high = address.clone();
            for (int bit = bits; bit < 128; bit++) {
                low[bit / 8] &= ~(0x80 >> bit % 8);
                high[bit / 8] |= 0x80 >> bit % 8;
            }
            return InetAddressPoint.newRangeQuery(field, InetAddressPoint.decode(low), InetAddressPoint.decode(high));
        }

        @Override
        protected Query getRangeQuery(String field, String low, String high, boolean from, boolean to) throws ParseException {
            String a = "*".equals(low) ? null : low, b = "*".equals(high) ? null : high;
            if (view(field).equals("numeric"))
                return numbers(field, a, b, from, to);
            if (view(field).equals("ip"))
                return addresses(field, a, b, from, to);
            return super.getRangeQuery(field, lower(field, a), lower(field, b), from, to);
        }

        String lower(String field, String bound) {
            return bound == null ? null : getAnalyzer().normalize(field, bound).utf8ToString();
        }

        static Query numbers(String field, String a, String b, boolean from, boolean to) throws ParseException {
            double low = a == null ? Double.NEGATIVE_INFINITY : from ? numberOf(a) : DoublePoint.nextUp(numberOf(a));
            double high = b == null ? Double.POSITIVE_INFINITY : to ? numberOf(b) : DoublePoint.nextDown(numberOf(b));
            return DoublePoint.newRangeQuery(field, low, high);
        }

        static Query addresses(String field, String a, String b, boolean from, boolean to) throws ParseException {
            InetAddress low = a == null ? InetAddressPoint.MIN_VALUE : addressOf(a);
            InetAddress high = b == null ? InetAddressPoint.MAX_VALUE : addressOf(b);
            return InetAddressPoint.newRangeQuery(field, a == null || from ? low : InetAddressPoint.nextUp(low),
                                                  b == null || to ? high : InetAddressPoint.nextDown(high));
        }

        static double numberOf(String text) throws ParseException {
            Double number = number(text);
            if (number == null)
                throw new ParseException("not a number: " + text);
            return number;
        }

        static InetAddress addressOf(String text) throws ParseException {
            try {
                InetAddress address = address(text);
                if (address != null)
                    return address;
            } catch (IOException bad) {
                // said below
            }
            throw new ParseException("not an address: " + text);
        }
    }

    // ---- verdicts ----

    static final class Hits extends SimpleCollector {
        final boolean[] hits;
        int base;

        Hits(int records) {
            hits = new boolean[(records + 3) / 4 * 4];
        }

        @Override protected void doSetNextReader(LeafReaderContext segment) {
            base = segment.docBase;
        }

        @Override public void collect(int document) {
            hits[base + document] = true;
        }

        @Override public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
        }

        @Override public String toString() {
            StringBuilder digits = new StringBuilder();
            for (int i = 0; i < hits.length; i += 4) {
                int digit = 0;
                for (int bit = 0; bit < 4; bit++)
                    digit = digit << 1 | (hits[i + bit] ? 1 : 0);
                digits.append(Character.forDigit(digit, 16));
            }
            return digits.toString();
        }
    }

    static String verdict(IndexSearcher searcher, Analyzer analyzer, String filter) {
        Hits hits = new Hits(searcher.getIndexReader().maxDoc());
        try {
            searcher.search(new Filters(analyzer).parse(filter.replace('\uE000', '\n').replace('\uE001', '\r')), hits);
        } catch (ParseException | IOException | RuntimeException refused) {
            return "!" + String.valueOf(refused.getMessage()).replaceAll("\\s+", " ");
        }
        return hits.toString();
    }

    /** Lucene 8 bounds the states of a regex, but not those of its reverse, which it makes to find a common suffix: some take it hours. */
    private static final int SECONDS = 30;

    /** The verdict, or a refusal as Lucene words its own where it is not there in time. */
    static String inTime(IndexSearcher searcher, Analyzer analyzer, String filter) throws InterruptedException {
        String[] verdict = {"!Determinizing takes longer than " + SECONDS + " s"};
        Thread asking = new Thread(() -> verdict[0] = verdict(searcher, analyzer, filter));
        asking.setDaemon(true);
        asking.start();
        asking.join(SECONDS * 1000L);
        return verdict[0];
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Analyzer analyzer = new Views();
        List<String> records = Files.readAllLines(Paths.get(arguments[0]), StandardCharsets.UTF_8);
        List<String> filters = Files.readAllLines(Paths.get(arguments[1]), StandardCharsets.UTF_8);
        IndexSearcher searcher = new IndexSearcher(index(analyzer, records));
        searcher.setQueryCache(null);
        try (PrintStream out = new PrintStream(arguments[2], "UTF-8")) {
            for (String filter : filters)
                out.println(inTime(searcher, analyzer, filter));
        }
    }
}
