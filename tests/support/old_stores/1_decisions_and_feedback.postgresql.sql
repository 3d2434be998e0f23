-- what create_all of a2c21846 executed
CREATE TABLE feedback (
    key SERIAL NOT NULL,
    service VARCHAR(200) NOT NULL,
    card TEXT NOT NULL,
    outcome VARCHAR(20) NOT NULL,
    accepted TEXT NOT NULL,
    reason_code TEXT,
    reason_system TEXT,
    reason_display TEXT,
    comment TEXT,
    outcome_at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX feedback_by_card ON feedback (card);
COMMENT ON COLUMN feedback.accepted IS 'ids of accepted suggestions, a JSON array';
CREATE TABLE decisions (
    key SERIAL NOT NULL,
    id VARCHAR(40),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
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
    PRIMARY KEY (key)
);
CREATE INDEX decisions_by_day ON decisions (at);
CREATE INDEX decisions_by_id ON decisions (id);
COMMENT ON COLUMN decisions.id IS 'the assessment''s id, as on the card';
COMMENT ON COLUMN decisions.order_hash IS 'SHA-256 of the order''s reference';
COMMENT ON COLUMN decisions.content IS 'hash of all documents that could change the outcome';
COMMENT ON COLUMN decisions.awaits IS 'a JSON array';
COMMENT ON COLUMN decisions.open IS 'ids of open criteria, a JSON array';
