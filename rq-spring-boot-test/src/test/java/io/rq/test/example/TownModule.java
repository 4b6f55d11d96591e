package io.rq.test.example;

import tools.jackson.databind.module.SimpleModule;

import org.springframework.stereotype.Component;

/**
 * What the application adds to its mapper.
 */
@Component
class TownModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

}
