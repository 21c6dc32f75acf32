using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Labels;

namespace Podsharp.Engine.Tests.Containers.Labels;

public sealed class LabelOptionsTests
{
    private static readonly SecurityLabel Process = new("system_u", "system_r", "container_t", "s0:c1,c2");
    private static readonly SecurityLabel File = new("system_u", "object_r", "container_file_t", "s0:c1,c2");

    [TestCase("user:staff_u", "staff_u:system_r:container_t:s0:c1,c2", "staff_u:object_r:container_file_t:s0:c1,c2")]
    [TestCase("role:staff_r", "system_u:staff_r:container_t:s0:c1,c2", "system_u:object_r:container_file_t:s0:c1,c2")]
    [TestCase("type:spc_t", "system_u:system_r:spc_t:s0:c1,c2", "system_u:object_r:container_file_t:s0:c1,c2")]
    [TestCase("level:s0:c5,c9", "system_u:system_r:container_t:s0:c5,c9", "system_u:object_r:container_file_t:s0:c5,c9")]
    [TestCase("filetype:my_file_t", "system_u:system_r:container_t:s0:c1,c2", "system_u:object_r:my_file_t:s0:c1,c2")]
    public void Each_changes_its_part_of_the_labels(string option, string process, string file)
    {
        var options = LabelOptions.Parse([option]);

        Assert.That(options.Process(Process).ToString(), Is.EqualTo(process));
        Assert.That(options.File(File).ToString(), Is.EqualTo(file));
        Assert.That(options.Disabled, Is.False);
    }

    [Test]
    public void Disable_is_a_word_of_its_own() => Assert.That(LabelOptions.Parse(["type:spc_t", "disable"]).Disabled, Is.True);

    [TestCase("")]
    [TestCase("enable")]
    [TestCase("type")]
    [TestCase("typ:spc_t")]
    [TestCase("type:")]
    [TestCase("filetype:a_t\",upperdir=/etc")]
    [TestCase("type:a:b")]
    [TestCase("level:s0 c1")]
    public void What_is_no_option_is_refused_by_name(string option) =>
        Assert.That(
            () => LabelOptions.Parse([option]),
            Throws.TypeOf<EngineException>().With.Message.StartWith($"bad label option \"{option}\"").And.Property("Kind").EqualTo(ErrorKind.InvalidInput));

    [Test]
    public void Nested_is_refused_by_name() =>
        Assert.That(
            () => LabelOptions.Parse(["nested"]),
            Throws.TypeOf<EngineException>().With.Message.Contains("label=nested").And.Property("Kind").EqualTo(ErrorKind.NotSupported));
}
