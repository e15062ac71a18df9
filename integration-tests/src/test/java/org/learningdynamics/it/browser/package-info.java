/** A real browser for tests of pages. */
package org.learningdynamics.it.browser;
