package org.learningdynamics.lm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.learningdynamics.model.PackedView;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A decoder-only language model: blocks of causal attention and a feed-forward layer, each reading
 * a normalised state, as its {@link DecoderArchitecture} says.
 *
 * <p>The model owns its parameter arrays. Every graph it hands out reads and, when trained, writes
 * these same arrays, so that a graph with a loss can be thrown away after a training stage and the
 * model keeps what was learnt. Not safe for use by several threads while one of them trains.
 */
public final class DecoderModel implements AutoCloseable {
    /**
     * The graphs take rows up to maxLength rounded up to a multiple of this, so that batches can be
     * padded to few different lengths: SameDiff reuses arrays by shape.
     */
    public static final int LENGTH_MULTIPLE = 16;

    /** Placeholder of token ids, INT32 // [batch, length]. */
    public static final String INPUT_IDS = "input_ids";

    /** Output: logits // [batch, length, vocabulary]. */
    public static final String LOGITS = "logits";

    /**
     * Output: the same logits with one row a position, for losses // [batch · length, vocabulary].
     */
    public static final String LOGITS_2D = "logits2d";

    /** Output: what the head multiplies // [batch · length, width]. */
    public static final String HIDDEN_2D = "hidden2d";

    private final DecoderConfig config;
    private final DecoderWeights weights;
    private final Optional<DecoderModel> base;
    private final SameDiff graph;

    DecoderModel(DecoderConfig config, Map<String, INDArray> parameters) {
        this(config, DecoderWeights.of(parameters), Optional.empty());
    }

    private DecoderModel(
            DecoderConfig config, DecoderWeights weights, Optional<DecoderModel> base) {
        this.config = config;
        this.weights = weights;
        this.base = base;
        graph = DecoderGraph.build(config, weights);
    }

    /**
     * A model over given arrays.
     *
     * @param config shape
     * @param parameters by name; used themselves, not copied
     * @return the model
     * @throws IllegalArgumentException if a parameter is missing, is one too many, or has another
     *     shape or type than the configuration says
     */
    public static DecoderModel of(DecoderConfig config, Map<String, INDArray> parameters) {
        return new DecoderModel(config, DecoderParameters.checked(config, parameters));
    }

    /**
     * The parameters that a configuration calls for.
     *
     * @param config any
     * @return shapes by name, in the order of the forward pass // [rows, columns]
     */
    public static Map<String, long[]> parameterShapes(DecoderConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        DecoderParameters.specifications(config).forEach(s -> shapes.put(s.name(), s.shape()));
        return Collections.unmodifiableMap(shapes);
    }

    /**
     * A model with initial parameters drawn by the configuration's seed.
     *
     * @param config shape and seed
     * @return an untrained model
     */
    public static DecoderModel create(DecoderConfig config) {
        return new DecoderModel(config, DecoderParameters.initialise(config));
    }

    /**
     * Reads a model that {@link #save} wrote.
     *
     * @param file a safetensors file with this class's metadata
     * @return the model, parameters bit for bit as saved
     * @throws IOException if the file cannot be read, is damaged or holds another kind of model
     */
    public static DecoderModel load(Path file) throws IOException {
        return DecoderFile.read(file);
    }

    /**
     * Writes parameters and configuration in the safetensors format (an eight-byte little-endian
     * header size, a JSON header, little-endian values in row order); the configuration stands in
     * the header's metadata. The file appears whole or not at all.
     *
     * @param file target, replaced if it exists
     * @throws IOException if it cannot be written
     */
    public void save(Path file) throws IOException {
        save(file, Map.of());
    }

    /**
     * Writes the model as {@link #save(Path)} does, with notes in the header's metadata.
     *
     * @param file target, replaced if it exists
     * @param notes texts by name, such as where in training the model stands
     * @throws IOException if it cannot be written
     */
    public void save(Path file, Map<String, String> notes) throws IOException {
        DecoderFile.write(this, notes, file);
    }

    /**
     * Reads the notes that a model was saved with, and none of its parameters.
     *
     * @param file a safetensors file
     * @return texts by name, empty if it has none
     * @throws IOException if the file cannot be read or its header is damaged
     */
    public static Map<String, String> notes(Path file) throws IOException {
        return DecoderFile.notes(file);
    }

    /**
     * Reads the shape that a model was saved with, and none of its parameters.
     *
     * @param file a safetensors file with this class's metadata
     * @return the configuration
     * @throws IOException if the file cannot be read, is damaged or holds another kind of model
     */
    public static DecoderConfig configuration(Path file) throws IOException {
        return DecoderFile.configuration(file);
    }

    /**
     * Shape of the model.
     *
     * @return the configuration it was built from
     */
    public DecoderConfig config() {
        return config;
    }

    /**
     * Number of trained values; with adapters, only theirs.
     *
     * @return sum of the sizes of {@link #parameters}
     */
    public long parameterCount() {
        return weights.trained().values().stream().mapToLong(INDArray::length).sum();
    }

    /**
     * The trained parameters by name, in the order of the forward pass; with adapters, only they.
     *
     * @return the live arrays, not copies
     */
    public Map<String, INDArray> parameters() {
        return weights.trained();
    }

    /**
     * This model with fresh low-rank adapters, which alone will be trained. Its answers are this
     * model's until then. Both share the frozen arrays, which must not be trained or closed while
     * the adapted model is in use.
     *
     * @param lora rank and targets
     * @return the adapted model; closing it frees the adapters only
     * @throws IllegalArgumentException if this model has adapters already or lacks a target
     */
    public DecoderModel adapt(LoraConfig lora) {
        if (base.isPresent()) {
            throw new IllegalArgumentException(
                    "a model must have no adapters to get some, got " + adapters().orElseThrow());
        }
        DecoderWeights adapting = DecoderWeights.adapting(config, weights.trained(), lora);
        return new DecoderModel(config, adapting, Optional.of(this));
    }

    /**
     * The adapters.
     *
     * @return their description, empty if the model has none
     */
    public Optional<LoraConfig> adapters() {
        return weights.lora();
    }

    /**
     * The model without its adapters, such as the reference of preference tuning.
     *
     * @return the model that was adapted, over the same arrays; this one if it has no adapters
     */
    public DecoderModel base() {
        return base.orElse(this);
    }

    /**
     * An independent model without adapters that gives this one's answers: {@code W + (α/r)·A·B} in
     * the place of W.
     *
     * @return a model of its own arrays
     */
    public DecoderModel merged() {
        Map<String, INDArray> merged = new LinkedHashMap<>();
        base().parameters().keySet().forEach(name -> merged.put(name, weights.merged(name)));
        return new DecoderModel(config, Collections.unmodifiableMap(merged));
    }

    DecoderWeights weights() {
        return weights;
    }

    /**
     * Writes the adapters alone, as safetensors with their description in the metadata. The file
     * appears whole or not at all.
     *
     * @param file target, replaced if it exists
     * @throws IllegalArgumentException if the model has none
     * @throws IOException if it cannot be written
     */
    public void saveAdapters(Path file) throws IOException {
        AdapterFile.write(this, file);
    }

    /**
     * This model with adapters that {@link #saveAdapters} wrote.
     *
     * @param file their file
     * @return the adapted model, see {@link #adapt}
     * @throws IOException if the file cannot be read, is damaged or its adapters do not fit
     */
    public DecoderModel withAdapters(Path file) throws IOException {
        return AdapterFile.read(this, file);
    }

    /**
     * The model's own forward graph. Leave it as it is; losses belong into a {@link #newGraph}.
     *
     * @return placeholder {@link #INPUT_IDS}, outputs {@link #LOGITS}, {@link #LOGITS_2D} and
     *     {@link #HIDDEN_2D}
     */
    public SameDiff graph() {
        return graph;
    }

    /**
     * Another forward graph over the same parameter arrays, to add a loss to and to train. Training
     * it trains this model.
     *
     * @return a graph of its own, without training configuration or listeners
     */
    public SameDiff newGraph() {
        return DecoderGraph.build(config, weights);
    }

    /**
     * Logits of packed rows, several responses to a prompt in one, by a graph of its own over the
     * same arrays. Equal to one row a response up to rounding.
     *
     * @return a view, to be closed
     */
    public PackedView packedView() {
        return new PackedDecoder(config, weights);
    }

    /**
     * A model with equal parameters that is trained independently.
     *
     * @return a copy of everything that is trained; frozen arrays are shared
     */
    public DecoderModel copy() {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        weights.trained().forEach((name, array) -> copies.put(name, array.dup()));
        DecoderWeights copied = new DecoderWeights(copies, weights.frozen(), weights.lora());
        return new DecoderModel(config, copied, base);
    }

    /**
     * Logits of rows of equal length.
     *
     * @param ids token ids // [batch, length]
     * @return logits, to be closed by the caller // [batch, length, vocabulary]
     * @throws IllegalArgumentException if rows differ in length, are empty or too long, or an id is
     *     outside the vocabulary
     */
    public INDArray logits(int[][] ids) {
        TokenRows.check(ids, config);
        return output(ids, LOGITS);
    }

    /**
     * Frees what {@link #parameters} holds. Neither the model nor any of its graphs can be used
     * afterwards; the base of an adapted model can.
     */
    @Override
    public void close() {
        weights.trained().values().forEach(INDArray::close);
    }

    /** Last hidden states of checked rows, one a position // [batch · length, width]. */
    INDArray hidden(int[][] ids) {
        return output(ids, HIDDEN_2D);
    }

    /** Logits of some hidden states // [rows, width] to [rows, vocabulary]. */
    INDArray head(INDArray hidden) {
        INDArray logits =
                Nd4j.createUninitialized(
                        config.dataType(), hidden.size(0), config.vocabularySize());
        HeadLogits.product(config, weights, hidden, logits);
        return logits;
    }

    private INDArray output(int[][] ids, String name) {
        try (INDArray input = Nd4j.createFromArray(ids)) {
            INDArray result = graph.output(Map.of(INPUT_IDS, input), name).get(name);
            if (result == null) {
                throw new IllegalStateException("the graph has no output " + name);
            }
            return result;
        }
    }
}
