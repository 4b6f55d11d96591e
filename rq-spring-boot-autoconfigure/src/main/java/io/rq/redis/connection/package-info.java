/**
 * How Redis is reached: connections of our own, like those of the application, which are
 * looked after, replaced when they are no good any more, and found again where a primary
 * or a slot has moved. All that differs between Jedis and Lettuce. Knows no key and no
 * script.
 */
@NullMarked
package io.rq.redis.connection;

import org.jspecify.annotations.NullMarked;
