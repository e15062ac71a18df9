/**
 * Runs sent to an MLflow server: {@link org.learningdynamics.mlflow.MlflowExport} sends a recorded
 * run, {@link org.learningdynamics.mlflow.MlflowRecorder} sends one while it is recorded. May
 * import recording and series, and is alone in seeing the optional dependency mlflow-client.
 */
@NullMarked
package org.learningdynamics.mlflow;

import org.jspecify.annotations.NullMarked;
