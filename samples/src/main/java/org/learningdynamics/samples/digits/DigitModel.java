package org.learningdynamics.samples.digits;

import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The classifiers of the paper's digits. Both take images as rows of {@link DigitImages#PIXELS}
 * values and end in a softmax over ten classes.
 *
 * <p>Weights start uniform within {@code ±1/sqrt(inputs of a unit)}, PyTorch's default; biases
 * start at 0 (PyTorch draws them too).
 */
public enum DigitModel {
    /**
     * Convolution 6@5×5 with padding 2, tanh, average pooling; convolution 16@5×5, tanh, average
     * pooling; 60 and 42 tanh units. 29,624 parameters.
     */
    LENET {
        @Override
        List<Layer> body() {
            return List.of(
                    convolution(6, 2),
                    pooling(),
                    convolution(16, 0),
                    pooling(),
                    dense(60, Activation.TANH),
                    dense(42, Activation.TANH));
        }
    },
    /** Four layers of 128 rectified units. 151,306 parameters. */
    MLP {
        @Override
        List<Layer> body() {
            return List.of(
                    dense(128, Activation.RELU),
                    dense(128, Activation.RELU),
                    dense(128, Activation.RELU),
                    dense(128, Activation.RELU));
        }
    };

    /** Everything before the output layer, whose last layer's output are the features. */
    abstract List<Layer> body();

    /**
     * A new network.
     *
     * @param recipe updater, weight decay and seed
     * @return the initialised network
     */
    public MultiLayerNetwork create(DigitRecipe recipe) {
        NeuralNetConfiguration.ListBuilder layers =
                new NeuralNetConfiguration.Builder()
                        .seed(recipe.seed())
                        .weightInit(WeightInit.UNIFORM)
                        .updater(recipe.updater())
                        .l2(recipe.weightDecay())
                        .l2Bias(recipe.weightDecay())
                        .list();
        body().forEach(layers::layer);
        layers.layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(DigitImages.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build());
        int side = DigitImages.SIDE;
        layers.setInputType(InputType.convolutionalFlat(side, side, 1));
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    /**
     * The name in files and options.
     *
     * @return the constant's name in small letters
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Layer convolution(int maps, int padding) {
        return new ConvolutionLayer.Builder(5, 5)
                .nOut(maps)
                .padding(padding, padding)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer pooling() {
        return new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(2, 2).stride(2, 2).build();
    }

    private static FeedForwardLayer dense(int units, Activation activation) {
        return new DenseLayer.Builder().nOut(units).activation(activation).build();
    }
}
