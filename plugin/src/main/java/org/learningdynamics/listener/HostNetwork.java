package org.learningdynamics.listener;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Trainable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.learningdynamics.measure.UpdateMetrics;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is read off a DL4J network during training, whichever of the two it is. */
interface HostNetwork {
    /** The epoch it is in. */
    int epoch();

    /** Rate of the current update in the last layer that has one, NaN if none has. */
    double learningRate();

    /**
     * L2 norm of the raw gradient, mean over the batch. Batch normalisation's running statistics,
     * which DL4J moves as if by a gradient, are left out.
     */
    double gradNorm();

    /** Scalars that the output layer tells of the last update; none if it tells nothing. */
    Map<String, Double> metrics();

    static HostNetwork of(MultiLayerNetwork network) {
        return new HostNetwork() {
            @Override
            public int epoch() {
                return network.getEpochCount();
            }

            @Override
            public double learningRate() {
                return lastRate(network.getLayers(), l -> network.getLearningRate(l.getIndex()));
            }

            @Override
            public double gradNorm() {
                return norm(network, network.getLayers(), l -> l.getIndex() + "_");
            }

            @Override
            public Map<String, Double> metrics() {
                return metricsOf(network.getOutputLayer());
            }
        };
    }

    static HostNetwork of(ComputationGraph graph) {
        return new HostNetwork() {
            @Override
            public int epoch() {
                return graph.getConfiguration().getEpochCount();
            }

            @Override
            public double learningRate() {
                return lastRate(
                        graph.getLayers(),
                        l -> graph.getLearningRate(l.conf().getLayer().getLayerName()));
            }

            @Override
            public double gradNorm() {
                return norm(
                        graph, graph.getLayers(), l -> l.conf().getLayer().getLayerName() + "_");
            }

            @Override
            public Map<String, Double> metrics() {
                return metricsOf(graph.getOutputLayer(0));
            }
        };
    }

    private static Map<String, Double> metricsOf(Layer output) {
        return output instanceof UpdateMetrics told ? told.updateMetrics() : Map.of();
    }

    private static double lastRate(Layer[] layers, Function<Layer, Double> rateOf) {
        for (int i = layers.length - 1; i >= 0; i--) {
            if (layers[i].numParams() > 0) {
                Double rate = rateOf.apply(layers[i]);
                return rate == null ? Double.NaN : rate;
            }
        }
        return Double.NaN;
    }

    private static double norm(Model model, Layer[] layers, Function<Layer, String> prefixOf) {
        Map<String, INDArray> gradients = model.gradient().gradientForVariable();
        double sumOfSquares = 0;
        for (Layer layer : layers) {
            List<String> names = gradientParameters(layer);
            for (String name : names) {
                INDArray gradient = gradients.get(prefixOf.apply(layer) + name);
                if (gradient != null) {
                    double norm = gradient.norm2Number().doubleValue();
                    sumOfSquares += norm * norm;
                }
            }
        }
        double batch = model.conf().isMiniBatch() ? model.batchSize() : 1;
        return Math.sqrt(sumOfSquares) / batch;
    }

    /** The parameters whose gradient is one: DL4J divides exactly these by the batch size. */
    private static List<String> gradientParameters(Trainable layer) {
        String[] names = layer.paramTable(false).keySet().toArray(new String[0]);
        return Arrays.stream(names).filter(layer::updaterDivideByMinibatch).toList();
    }
}
