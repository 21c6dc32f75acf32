using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class LogDetailsTests
{
    [Test]
    public void Labels_variables_and_tag_are_told_in_order_and_escaped() =>
        Assert.That(
            LogDetails.Of(Container(("labels", "team,missing"), ("env", "STAGE"), ("tag", "{{.Name}}"))),
            Is.EqualTo("STAGE=test,tag=web,team=a%20b "));

    [Test]
    public void Patterns_choose_labels_and_variables_by_their_names() =>
        Assert.That(LogDetails.Of(Container(("labels-regex", "^te"), ("env-regex", "AGE$"))), Is.EqualTo("STAGE=test,team=a%20b "));

    [Test]
    public void Without_options_there_is_nothing_to_tell() => Assert.That(LogDetails.Of(Container()), Is.EqualTo(" "));

    [Test]
    public void A_tag_knows_its_container_and_image()
    {
        var container = Container();

        Assert.That(
            LogTag.Expand("{{.ID}} {{.FullID}} {{.ImageName}} {{.ImageID}}", container),
            Is.EqualTo($"{container.Id.Short} {container.Id} {container.Spec.ImageName} {container.ImageId.Short}"));
    }

    private static Container Container(params (string Key, string Value)[] options)
    {
        var container = Samples.Container("web", Samples.Image("image", "busybox"));
        return container with
        {
            Spec = container.Spec with
            {
                Labels = new Dictionary<string, string> { ["team"] = "a b" },
                Process = new ProcessSpec { Environment = ["STAGE=test", "SECRET=x"] },
                Log = new LogSpec("", options.ToDictionary(option => option.Key, option => option.Value)),
            },
        };
    }
}
