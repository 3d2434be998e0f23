-- what create_all of de9c4fdb executed
CREATE TABLE feedback (
    "key" INTEGER NOT NULL,
    service VARCHAR(200) NOT NULL,
    card TEXT NOT NULL,
    outcome VARCHAR(20) NOT NULL,
    accepted TEXT NOT NULL,
    reason_code TEXT,
    reason_system TEXT,
    reason_display TEXT,
    comment TEXT,
    outcome_at DATETIME NOT NULL,
    received_at DATETIME NOT NULL,
    PRIMARY KEY ("key")
);
CREATE INDEX feedback_by_card ON feedback (card);
CREATE TABLE cards (
    "key" INTEGER NOT NULL,
    card VARCHAR(40) NOT NULL,
    decision VARCHAR(40),
    kind VARCHAR(20) NOT NULL,
    criteria TEXT NOT NULL,
    suggestions TEXT NOT NULL,
    PRIMARY KEY ("key")
);
CREATE INDEX cards_by_card ON cards (card);
CREATE TABLE decisions (
    "key" INTEGER NOT NULL,
    id VARCHAR(40),
    at DATETIME NOT NULL,
    service VARCHAR(200) NOT NULL,
    hook VARCHAR(200) NOT NULL,
    order_hash VARCHAR(64),
    policy VARCHAR(200),
    effective VARCHAR(10),
    content VARCHAR(80),
    path VARCHAR(40),
    indication VARCHAR(40),
    outcome VARCHAR(40),
    awaits TEXT NOT NULL,
    open TEXT NOT NULL,
    milliseconds FLOAT NOT NULL,
    PRIMARY KEY ("key")
);
CREATE INDEX decisions_by_day ON decisions (at);
CREATE INDEX decisions_by_id ON decisions (id);
CREATE TABLE seen_tokens (
    id VARCHAR(64) NOT NULL,
    call VARCHAR(64) NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX seen_tokens_by_expiry ON seen_tokens (expires_at);
