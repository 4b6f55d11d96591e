package io.rq.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Bootstraps tests with {@link RqTest @RqTest}.
 */
class RqTestContextBootstrapper extends TestSliceTestContextBootstrapper<RqTest> {

}
