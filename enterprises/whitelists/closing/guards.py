"""The rules on closing a list that the database itself keeps, for page, API, shell and everybody else."""

CLOSING = """
    IF TG_OP = 'INSERT' AND NEW.status <> 'proposed' THEN
        RAISE EXCEPTION 'A closing begins as a proposal.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_legal_step';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status <> 'proposed' THEN
        RAISE EXCEPTION 'A closing that was answered never changes.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_answered_is_final';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.white_list_id, NEW.ends_on, NEW.proposed_by_id)
        IS DISTINCT FROM (OLD.white_list_id, OLD.ends_on, OLD.proposed_by_id) THEN
        RAISE EXCEPTION 'What was proposed is what is confirmed.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_content_is_fixed';
    END IF;
    IF NEW.status = 'confirmed' AND NOT EXISTS (
        SELECT 1 FROM accounts_user proposer, accounts_user confirmer
        WHERE proposer.id = NEW.proposed_by_id AND confirmer.id = NEW.confirmed_by_id
          AND coalesce(proposer.responsible_id, proposer.id) <> coalesce(confirmer.responsible_id, confirmer.id)
    ) THEN
        RAISE EXCEPTION 'Whoever proposed to close a list does not confirm it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_four_eyes';
    END IF;
    RETURN NEW;
"""

WHITE_LIST = """
    IF (NEW.closed_on IS DISTINCT FROM OLD.closed_on OR NEW.ends_on < OLD.ends_on) AND NOT EXISTS (
        SELECT 1 FROM enterprises_listclosing closing
        WHERE closing.white_list_id = NEW.id AND closing.status = 'confirmed'
          AND closing.ends_on = NEW.closed_on AND closing.ends_on = NEW.ends_on
    ) THEN
        RAISE EXCEPTION 'A list is closed by two people.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'white_list_closed_by_two';
    END IF;
    RETURN NEW;
"""
