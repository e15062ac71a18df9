package org.learningdynamics.sweep;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.arbiter.optimize.parameter.BooleanSpace;
import org.deeplearning4j.arbiter.optimize.parameter.FixedValue;
import org.deeplearning4j.arbiter.optimize.parameter.continuous.ContinuousParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.discrete.DiscreteParameterSpace;
import org.deeplearning4j.arbiter.optimize.parameter.integer.IntegerParameterSpace;
import org.deeplearning4j.arbiter.optimize.serde.jackson.JsonMapper;
import org.nd4j.shade.jackson.core.JsonLocation;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.ObjectReader;

/**
 * Arbiter's mapper behind a check of every class name: Arbiter itself would load any class that a
 * text names, and read a {@link FixedValue} by Java's serialisation, which is why that is refused.
 */
final class SweepMapper {
    /** Begins a message whose line is known. */
    static final String LINE = "line ";

    private static final String CLASS = "@class";

    private static final Set<String> SPACES =
            names(
                    BooleanSpace.class,
                    ContinuousParameterSpace.class,
                    DiscreteParameterSpace.class,
                    IntegerParameterSpace.class);

    private static final ObjectMapper MAPPER = JsonMapper.getMapper();
    private static final ObjectReader READER =
            MAPPER.readerFor(SweepConfigJson.class)
                    .with(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private SweepMapper() {}

    private static Set<String> names(Class<?>... classes) {
        Set<String> names = new TreeSet<>();
        for (Class<?> one : classes) {
            names.add(one.getName());
        }
        return names;
    }

    static SweepConfig read(String json) {
        try {
            requireTrusted(json);
            SweepConfigJson fields = READER.readValue(json);
            return fields.config();
        } catch (JsonProcessingException e) {
            throw new SweepConfigException(place(json, e) + problem(e), e);
        } catch (IOException e) {
            throw new SweepConfigException(String.valueOf(e.getMessage()), e);
        } catch (ArithmeticException e) {
            throw new SweepConfigException("a number is too large: " + e.getMessage(), e);
        }
    }

    static String write(SweepConfig config) {
        try {
            return MAPPER.writeValueAsString(SweepConfigJson.of(config));
        } catch (JsonProcessingException e) {
            throw new SweepConfigException(String.valueOf(e.getOriginalMessage()), e);
        }
    }

    /** Looks at every class name of a text without creating anything. */
    private static void requireTrusted(String json) throws IOException {
        try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME) {
                    String field = parser.getCurrentName();
                    if (field.equals(CLASS)) {
                        parser.nextToken();
                        requireTrusted(parser.getText(), parser.getTokenLocation());
                    } else if (field.startsWith("@")) {
                        throw new SweepConfigException(
                                place(parser.getTokenLocation())
                                        + "keys with @ must be @class, got "
                                        + field);
                    }
                }
            }
        }
    }

    private static void requireTrusted(String name, JsonLocation at) {
        if (name.equals(FixedValue.class.getName())) {
            throw new SweepConfigException(
                    place(at) + "@class must be a space, got FixedValue; put the value in fixed");
        }
        if (!SPACES.contains(name)) {
            throw new SweepConfigException(
                    place(at) + "@class must be one of " + SPACES + ", got " + name);
        }
    }

    /** Deserializers of Arbiter's do not tell where they are, but the path to them does. */
    private static String place(String json, JsonProcessingException e) {
        if (e.getLocation() != null || !(e instanceof JsonMappingException mapping)) {
            return place(e.getLocation());
        }
        StringBuilder pointer = new StringBuilder();
        mapping.getPath().forEach(step -> pointer.append('/').append(name(step)));
        try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                String at = parser.getParsingContext().pathAsPointer().toString();
                if (parser.currentToken() == JsonToken.FIELD_NAME && at.contentEquals(pointer)) {
                    return place(parser.getTokenLocation());
                }
            }
            return "";
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String name(JsonMappingException.Reference step) {
        return step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName();
    }

    private static String place(JsonLocation at) {
        return at == null || at.getLineNr() < 1 ? "" : LINE + at.getLineNr() + ": ";
    }

    private static String problem(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return "not valid JSON: " + e.getOriginalMessage();
        }
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : mapping.getPath()) {
            path.append(path.length() == 0 || step.getFieldName() == null ? "" : ".");
            path.append(
                    step.getFieldName() == null
                            ? "[" + step.getIndex() + "]"
                            : step.getFieldName());
        }
        String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        return path + ": " + message.replaceAll("\\s*\\(class [^)]*\\)", "");
    }
}
