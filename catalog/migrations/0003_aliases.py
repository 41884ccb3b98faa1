"""What the admin calls links and reviews."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_guards")]
    operations = [
        migrations.AlterModelOptions(
            name="link", options={"ordering": ["-valid_from"], "verbose_name_plural": "links to review"}
        ),
        migrations.AlterModelOptions(
            name="review",
            options={
                "ordering": ["-at", "-pk"],
                "verbose_name": "decision",
                "verbose_name_plural": "review history",
            },
        ),
    ]
