package org.learningdynamics.lm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-pair encoding from its public description, to compare with: added tokens are cut out
 * (leftmost, longest first), what is left is normalised and split into words; each word's symbols
 * are merged pair by pair, the earliest learnt pair first, until none is left. Learns its merges
 * from a corpus, ties in code-unit order.
 */
final class ReferenceBpe {
    private final Family family;
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
    private final Map<String, Integer> ranks = new LinkedHashMap<>();

    /**
     * What differs between models.
     *
     * @param firstPieces pieces with the first ids
     * @param addedRaw added tokens looked for before normalisation
     * @param addedNormal added tokens looked for after it
     * @param normal the normalisation of a piece of text between added tokens
     * @param words splits normalised text; empty for none
     * @param bytes whether symbols are bytes in visible disguise, else characters with byte tokens
     *     for unknown ones
     */
    record Family(
            List<String> firstPieces,
            List<String> addedRaw,
            List<String> addedNormal,
            UnaryOperator<String> normal,
            String words,
            boolean bytes) {}

    ReferenceBpe(Family family, List<String> corpus, int merges) {
        this.family = family;
        family.firstPieces().forEach(this::add);
        for (int b = 0; b < 256; b++) {
            add(family.bytes() ? disguise(b) : byteToken(b));
        }
        List<List<String>> words = new ArrayList<>();
        for (String text : corpus) {
            words(family.normal().apply(text)).forEach(word -> words.add(symbols(word)));
        }
        words.forEach(word -> word.forEach(this::add));
        for (int i = 0; i < merges; i++) {
            learn(words);
        }
        family.addedRaw().forEach(this::add);
        family.addedNormal().forEach(this::add);
    }

    Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    List<String> merges() {
        return List.copyOf(ranks.keySet());
    }

    int id(String piece) {
        return vocabulary.get(piece);
    }

    int[] encode(String text) {
        List<Integer> ids = new ArrayList<>();
        for (String part : cut(text, family.addedRaw())) {
            if (family.addedRaw().contains(part)) {
                ids.add(id(part));
            } else {
                encodeNormal(family.normal().apply(part), ids);
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private void encodeNormal(String text, List<Integer> ids) {
        for (String part : cut(text, family.addedNormal())) {
            if (family.addedNormal().contains(part)) {
                ids.add(id(part));
            } else {
                words(part).forEach(word -> encodeWord(symbols(word), ids));
            }
        }
    }

    private void encodeWord(List<String> symbols, List<Integer> ids) {
        for (int at = best(symbols); at >= 0; at = best(symbols)) {
            symbols.set(at, symbols.get(at) + symbols.remove(at + 1));
        }
        for (String symbol : symbols) {
            if (vocabulary.containsKey(symbol)) {
                ids.add(id(symbol));
            } else {
                for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
                    ids.add(id(byteToken(b & 0xFF)));
                }
            }
        }
    }

    private int best(List<String> symbols) {
        int best = -1;
        int rank = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < symbols.size(); i++) {
            int r = ranks.getOrDefault(symbols.get(i) + " " + symbols.get(i + 1), rank);
            if (r < rank) {
                rank = r;
                best = i;
            }
        }
        return best;
    }

    private void learn(List<List<String>> words) {
        Map<String, Integer> counts = new HashMap<>();
        for (List<String> word : words) {
            for (int i = 0; i + 1 < word.size(); i++) {
                counts.merge(word.get(i) + " " + word.get(i + 1), 1, Integer::sum);
            }
        }
        String pair =
                counts.entrySet().stream()
                        .max(
                                Map.Entry.<String, Integer>comparingByValue()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .orElseThrow()
                        .getKey();
        ranks.put(pair, ranks.size());
        String merged = pair.replace(" ", "");
        add(merged);
        for (List<String> word : words) {
            for (int i = 0; i + 1 < word.size(); i++) {
                if (pair.equals(word.get(i) + " " + word.get(i + 1))) {
                    word.set(i, merged);
                    word.remove(i + 1);
                }
            }
        }
    }

    private void add(String piece) {
        vocabulary.putIfAbsent(piece, vocabulary.size());
    }

    private List<String> words(String text) {
        if (family.words().isEmpty()) {
            return text.isEmpty() ? List.of() : List.of(text);
        }
        List<String> words = new ArrayList<>();
        Matcher matcher =
                Pattern.compile(family.words(), Pattern.UNICODE_CHARACTER_CLASS).matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private List<String> symbols(String word) {
        List<String> symbols = new ArrayList<>();
        if (family.bytes()) {
            for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
                symbols.add(disguise(b & 0xFF));
            }
        } else {
            word.codePoints().forEach(c -> symbols.add(Character.toString(c)));
        }
        return symbols;
    }

    /** Visible Latin-1 characters stand for themselves, the other bytes for U+0100 and on. */
    private static String disguise(int b) {
        int hidden = 0x100;
        for (int other = 0; other < 256; other++) {
            boolean ascii = other >= '!' && other <= '~';
            boolean visible = ascii || (other >= 0xA1 && other != 0xAD);
            if (other == b) {
                return Character.toString(visible ? b : hidden);
            }
            hidden += visible ? 0 : 1;
        }
        throw new IllegalArgumentException("byte " + b);
    }

    private static String byteToken(int b) {
        return String.format("<0x%02X>", b);
    }

    private static List<String> cut(String text, List<String> tokens) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); ) {
            String token = longestAt(text, at, tokens);
            if (token.isEmpty()) {
                at++;
                continue;
            }
            if (at > from) {
                parts.add(text.substring(from, at));
            }
            parts.add(token);
            at += token.length();
            from = at;
        }
        if (from < text.length()) {
            parts.add(text.substring(from));
        }
        return parts;
    }

    private static String longestAt(String text, int at, List<String> tokens) {
        String longest = "";
        for (String token : tokens) {
            if (token.length() > longest.length() && text.startsWith(token, at)) {
                longest = token;
            }
        }
        return longest;
    }
}
