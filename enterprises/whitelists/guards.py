"""The rules on batches that the database itself keeps, for page, API, shell and everybody else.

Each refusal is a check violation with the name of its rule, which the tests ask for.
"""

BATCH = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            RAISE EXCEPTION 'A batch begins as a draft.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_legal_step';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'A published batch never changes.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_published_is_final';
    END IF;
    IF NEW.status <> OLD.status AND NOT (OLD.status, NEW.status) IN (
        ('draft', 'submitted'), ('submitted', 'approved'), ('submitted', 'returned'), ('returned', 'draft'),
        ('approved', 'published'), ('approved', 'returned'), ('draft', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'A batch does not go from % to %.', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_legal_step';
    END IF;
    IF OLD.status NOT IN ('draft', 'returned') AND NEW.content_hash <> OLD.content_hash THEN
        RAISE EXCEPTION 'What was submitted is what is decided.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_content_is_fixed';
    END IF;
    IF NEW.status = 'approved' AND OLD.status <> 'approved' AND (
        NEW.approved_by_id IS NULL
        OR EXISTS (
            SELECT 1 FROM enterprises_batchauthor author
            JOIN accounts_user approver ON approver.id = NEW.approved_by_id
            WHERE author.batch_id = NEW.id AND author.person_id = coalesce(approver.responsible_id, approver.id)
        )
    ) THEN
        RAISE EXCEPTION 'Whoever wrote or submitted a batch does not approve it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_four_eyes';
    END IF;
    IF OLD.status = 'approved' AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id THEN
        RAISE EXCEPTION 'An approval keeps its name.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_four_eyes';
    END IF;
    RETURN NEW;
"""

BATCH_AUTHORS = """
    INSERT INTO enterprises_batchauthor (batch_id, person_id)
    SELECT NEW.id, coalesce(hand.responsible_id, hand.id)
    FROM accounts_user hand WHERE hand.id IN (NEW.drafted_by_id, NEW.submitted_by_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
"""

BATCH_LINE = """
    DECLARE
        batch_status text;
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.batch_id <> OLD.batch_id THEN
            RAISE EXCEPTION 'A line stays in its batch.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_content_is_fixed';
        END IF;
        SELECT status INTO batch_status FROM enterprises_batch
            WHERE id = coalesce(NEW.batch_id, OLD.batch_id) FOR SHARE;
        IF TG_OP = 'UPDATE' AND batch_status = 'submitted'
            AND (NEW.batch_id, NEW.action, NEW.enterprise_id, NEW.field, NEW.chain, NEW.reason, NEW.note, NEW.edited_by_id)
              = (OLD.batch_id, OLD.action, OLD.enterprise_id, OLD.field, OLD.chain, OLD.reason, OLD.note, OLD.edited_by_id)
        THEN
            IF NEW.decided_by_id IS NOT NULL AND EXISTS (
                SELECT 1 FROM enterprises_batchauthor author
                JOIN accounts_user decider ON decider.id = NEW.decided_by_id
                WHERE author.batch_id = NEW.batch_id AND author.person_id = coalesce(decider.responsible_id, decider.id)
            ) THEN
                RAISE EXCEPTION 'Whoever wrote or submitted a batch does not decide its lines.'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_four_eyes';
            END IF;
            RETURN NEW;
        END IF;
        IF batch_status <> 'draft' THEN
            RAISE EXCEPTION 'The lines of a % batch are fixed.', batch_status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'batch_content_is_fixed';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        INSERT INTO enterprises_batchauthor (batch_id, person_id)
        SELECT NEW.batch_id, coalesce(hand.responsible_id, hand.id) FROM accounts_user hand WHERE hand.id = NEW.edited_by_id
        ON CONFLICT DO NOTHING;
        RETURN NEW;
    END;
"""  # noqa: E501
