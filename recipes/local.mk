# SPDX-License-Identifier: GPL-3.0-only
recipesdir = $(msmvdatadir)/recipes
dist_recipes_DATA = recipes/hello.toml recipes/nano.toml
