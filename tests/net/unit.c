/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * Everything of the network helper that is no system call: parsers on malformed packets,
 * and the protocols on a clock that tests turn. The rest runs in namespaces.
 */
#include "unit.h"

#include "../../init/net/clock.h"

/* In place of init/net/clock.c: chance that is the same each time. */
uint32_t
random_bits(void)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u;
	return state ^ state >> 16;
}

uint64_t
clock_now(void)
{
	return 0;
}

int
main(void)
{
	SRunner *r = srunner_create(address_suite());

	srunner_add_suite(r, config_suite());
	srunner_add_suite(r, dhcp4_suite());
	srunner_add_suite(r, dhcp4_lease_suite());
	srunner_add_suite(r, dhcp4_message_suite());
	srunner_add_suite(r, dhcp6_suite());
	srunner_add_suite(r, dhcp6_answer_suite());
	srunner_add_suite(r, dhcp6_message_suite());
	srunner_add_suite(r, error_suite());
	srunner_add_suite(r, frame_suite());
	srunner_add_suite(r, names_suite());
	srunner_add_suite(r, out_suite());
	srunner_add_suite(r, ra_suite());
	srunner_add_suite(r, resolv_suite());
	srunner_add_suite(r, slaac_suite());
	srunner_add_suite(r, slaac_learn_suite());
	srunner_set_tap(r, "-");
	srunner_run_all(r, CK_SILENT);
	srunner_free(r);
	return 0;
}
