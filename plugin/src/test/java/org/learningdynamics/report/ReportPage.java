package org.learningdynamics.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A written page taken apart again. */
record ReportPage(String html) {
    private static final Pattern ELEMENTS =
            Pattern.compile("(?s)<(script|style)([^>]*)>(.*?)</\\1>");

    /** The contents of the elements of a name whose attributes are as given. */
    List<String> contents(String element, String attributes) {
        List<String> contents = new ArrayList<>();
        Matcher matcher = ELEMENTS.matcher(html);
        while (matcher.find()) {
            if (matcher.group(1).equals(element) && matcher.group(2).equals(attributes)) {
                contents.add(matcher.group(3));
            }
        }
        return contents;
    }

    JsonObject data() {
        String json = contents("script", " type=\"application/json\" id=\"report-data\"").get(0);
        return JsonParser.parseString(json).getAsJsonObject();
    }

    /** An element of the data by keys and indexes. */
    JsonElement at(Object... path) {
        JsonElement element = data();
        for (Object key : path) {
            element =
                    key instanceof Integer index
                            ? element.getAsJsonArray().get(index)
                            : element.getAsJsonObject().get((String) key);
        }
        return element;
    }

    String policy() {
        Matcher matcher =
                Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\"").matcher(html);
        return matcher.find() ? matcher.group(1) : "";
    }

    static String hash(String content) throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(content.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }
}
