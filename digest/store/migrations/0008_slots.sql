-- +goose Up

-- Times at which the schedule has an edition made, each named by its local date
-- and time and its zone. A slot has a row once it has come.
CREATE TABLE slots (
    job      TEXT NOT NULL,
    wall     TEXT NOT NULL,                -- 2026-03-29T02:30
    zone     TEXT NOT NULL,
    at       TEXT NOT NULL,                -- when that is
    state    TEXT NOT NULL,                -- due, served, late, covered, missed, failed
    edition  INTEGER NOT NULL DEFAULT 0,   -- that it gave; 0: none, or not known yet
    attempts INTEGER NOT NULL DEFAULT 0,
    settled  TEXT NOT NULL DEFAULT '',     -- when it stopped being due
    why      TEXT NOT NULL DEFAULT '',     -- in a few words, for the operator
    PRIMARY KEY (job, wall, zone)
) WITHOUT ROWID;
CREATE INDEX slots_at ON slots (job, at);

-- Up to when the slots of a job are accounted for, and the schedule that was then
-- in force: slots that passed while nothing ran are those of that schedule.
CREATE TABLE slot_marks (
    job  TEXT PRIMARY KEY,
    spec TEXT NOT NULL,
    zone TEXT NOT NULL,
    at   TEXT NOT NULL
) WITHOUT ROWID;
