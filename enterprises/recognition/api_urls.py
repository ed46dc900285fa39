"""The API addresses of recognition."""

from django.urls import path

from enterprises.recognition.api import (
    EffectiveEndpoint,
    ExceptionEndpoint,
    MatrixEndpoint,
    QuestionEndpoint,
    RecognitionEndpoint,
)
from whitelist.core.api import collection, one

urlpatterns = [
    path("recognition/", collection(QuestionEndpoint, get="ask"), name="api-recognition-question"),
    path("recognitions/", collection(RecognitionEndpoint, get="list", post="propose"), name="api-recognition-list"),
    path("recognitions/propose/", collection(RecognitionEndpoint, post="propose"), name="api-recognition-propose"),
    path("recognitions/matrix/", collection(MatrixEndpoint, get="show"), name="api-recognition-matrix"),
    path("recognitions/<int:pk>/", one(RecognitionEndpoint, get="retrieve"), name="api-recognition-detail"),
    path("recognitions/<int:pk>/accept/", one(RecognitionEndpoint, post="accept"), name="api-recognition-accept"),
    path("recognitions/<int:pk>/withdraw/", one(RecognitionEndpoint, post="withdraw"), name="api-recognition-withdraw"),
    path(
        "recognitions/<int:pk>/exceptions/",
        collection(ExceptionEndpoint, get="list", post="create"),
        name="api-recognition-exceptions",
    ),
    path(
        "recognitions/<int:pk>/exceptions/<int:exception>/end/",
        one(ExceptionEndpoint, post="end"),
        name="api-recognition-exception-end",
    ),
    path("recognised/", collection(EffectiveEndpoint, get="list"), name="api-recognised-list"),
]
