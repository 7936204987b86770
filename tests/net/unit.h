/* SPDX-License-Identifier: GPL-3.0-only */
/* The suites of the network helper's unit tests: one per file, named like what it tests. */
#ifndef TESTS_NET_UNIT_H
#define TESTS_NET_UNIT_H

#include <check.h>

Suite *address_suite(void);
Suite *config_suite(void);
Suite *dhcp4_suite(void);
Suite *dhcp4_lease_suite(void);
Suite *dhcp4_message_suite(void);
Suite *dhcp6_suite(void);
Suite *dhcp6_answer_suite(void);
Suite *dhcp6_message_suite(void);
Suite *error_suite(void);
Suite *frame_suite(void);
Suite *names_suite(void);
Suite *out_suite(void);
Suite *ra_suite(void);
Suite *resolv_suite(void);
Suite *slaac_suite(void);
Suite *slaac_learn_suite(void);

#endif
