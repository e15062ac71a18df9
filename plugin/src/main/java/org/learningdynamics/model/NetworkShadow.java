package org.learningdynamics.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A second network of the host's configuration with parameters of its own, taken to pieces. */
interface NetworkShadow extends AutoCloseable {
    NetworkTape tape();

    /** Number of network inputs. */
    int inputs();

    /** Place of the output that is watched. */
    int watched();

    /** Places of all outputs, in the order of labels. */
    List<Integer> outputs();

    /** By the host's names, as views of the shadow's own parameters. */
    Map<String, INDArray> parameters();

    DataType dataType();

    /** Tells the shadow what is about to pass through it. */
    void begin(
            List<INDArray> features,
            List<Optional<INDArray>> featureMasks,
            List<Optional<INDArray>> labelMasks);

    /** Forgets what has passed. */
    void clear();

    List<String> fallbacks();

    @Override
    void close();
}
