/**
 * {@link io.rq.annotation.RqJob @RqJob}, {@link io.rq.annotation.RqCallback @RqCallback}
 * and what turns annotated bean methods into job definitions for producers and handlers
 * for workers. Everything the annotation does goes through
 * {@link io.rq.handler.JobHandlerRegistry}, as an application could itself.
 */
@NullMarked
package io.rq.annotation;

import org.jspecify.annotations.NullMarked;
