package io.rq.doctor;

import java.util.Map;

import io.rq.doctor.Server.Version;

/**
 * The server's version is one whose Lua engine lets those who may send scripts break out
 * (CVE-2025-49844). Distributions mend that without another version, so this is a word
 * only; and other servers count their versions otherwise.
 */
record LuaCheck(Server server) implements Check {

	/** The first release of each line without the hole; older lines got none. */
	private static final Map<String, Integer> MENDED = Map.of("6.2", 20, "7.2", 11, "7.4", 6, "8.0", 4, "8.2", 2);

	@Override
	public String name() {
		return "lua";
	}

	@Override
	public void examine(Report report) {
		String server = this.server.info("server_name");
		if (!server.isEmpty() && !server.equals("redis")) {
			return;
		}
		Version version = this.server.version();
		boolean mended = !version.isBefore(8, 3)
				|| version.patch() >= MENDED.getOrDefault(version.major() + "." + version.minor(), Integer.MAX_VALUE);
		if (!mended) {
			report.inform(
					"Redis " + version + " as released has a hole in its Lua engine (CVE-2025-49844): whoever "
							+ "may send scripts can take over the server. Your distribution may have mended it.",
					"Ask your distribution, or use 6.2.20, 7.2.11, 7.4.6, 8.0.4, 8.2.2 or newer of these lines; and let "
							+ "nobody reach Redis who need not.");
		}
	}

}
