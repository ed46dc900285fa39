"""The users of an enterprise: those who look after them add one on its page of the register."""

from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from enterprises.register.pages import EnterprisePage
from whitelist.accounts.forms import ColleagueForm
from whitelist.accounts.models import Duty
from whitelist.accounts.policies import may_add_users
from whitelist.accounts.services import add_user
from whitelist.core.access import FormPage


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class EnterpriseUserAddPage(FormPage, FormView, EnterprisePage):
    """Offers first what reporting takes: an enterprise's user reads and files its reports."""

    access = may_add_users
    form_class = ColleagueForm
    template_name = "enterprises/register/enterprise_user_add.html"

    @cached_property
    def object(self):
        return self.get_object()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user, "at_enterprise": True}

    def get_initial(self):
        return super().get_initial() | {"duties": [Duty.VIEW, Duty.EDIT]}

    def perform(self, form):
        self.made = add_user(enterprise=self.object, by=self.request.user, **form.cleaned_data)
        return _("%(user)s is added. Tell the first password in person.") % {"user": self.made}

    def get_success_url(self):
        return self.made.get_absolute_url()
