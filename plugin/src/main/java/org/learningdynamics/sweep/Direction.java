package org.learningdynamics.sweep;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;

/** Tells Arbiter which scores are better; scores themselves come from recordings, not models. */
final class Direction implements ScoreFunction {
    private static final long serialVersionUID = 1L;

    private final boolean minimize;

    Direction(boolean minimize) {
        this.minimize = minimize;
    }

    @Override
    @SuppressWarnings("deprecation") // Arbiter's interface
    public double score(Object model, DataProvider data, Map<String, Object> parameters) {
        throw new UnsupportedOperationException("scores come from recordings, not from a model");
    }

    @Override
    public double score(Object model, Class<? extends DataSource> data, Properties properties) {
        throw new UnsupportedOperationException("scores come from recordings, not from a model");
    }

    @Override
    public boolean minimize() {
        return minimize;
    }

    @Override
    public List<Class<?>> getSupportedModelTypes() {
        return List.of();
    }

    @Override
    public List<Class<?>> getSupportedDataTypes() {
        return List.of();
    }
}
