"""Sort by provider whatever the case and with the unknown ones last, and by state as its badges tell it."""

from django.db import migrations, models


def spell(apps, schema_editor):
    """What rates are sorted by: the provider in lower case, nothing where it is not known."""
    rates = apps.get_model("catalog", "Rate").objects.order_by()
    for name in rates.exclude(provider_name="").values_list("provider_name", flat=True).distinct():
        rates.filter(provider_name=name).update(sort_provider=name.casefold()[:100])


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_guards"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="rate",
            name="rate_by_provider_name",
        ),
        migrations.RemoveIndex(
            model_name="rate",
            name="rate_by_price_state",
        ),
        migrations.AddField(
            model_name="rate",
            name="sort_provider",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="rate",
            index=models.Index(
                condition=models.Q(("listed", True)),
                fields=[
                    "mode",
                    "above",
                    "sort_provider",
                    "sort_name",
                    "id",
                    "catalog",
                    "provider",
                    "price_state",
                    "listed",
                ],
                name="rate_by_sort_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="rate",
            index=models.Index(
                condition=models.Q(("listed", True)),
                fields=[
                    "mode",
                    "above",
                    "lifecycle",
                    "price_state",
                    "by_hour",
                    "sort_name",
                    "id",
                    "catalog",
                    "provider",
                    "listed",
                ],
                name="rate_by_lifecycle",
            ),
        ),
    ]
