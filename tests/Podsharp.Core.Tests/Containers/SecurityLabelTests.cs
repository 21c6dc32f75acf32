using Podsharp.Core.Containers;

namespace Podsharp.Core.Tests.Containers;

public sealed class SecurityLabelTests
{
    [TestCase("system_u:system_r:container_t:s0:c1,c2", "s0:c1,c2")]
    [TestCase("system_u:system_r:container_t:s0-s0:c0.c1023", "s0-s0:c0.c1023")]
    [TestCase("system_u:system_r:container_t", "")]
    public void Is_written_as_it_was_read(string text, string level)
    {
        var label = SecurityLabel.TryParse(text)!.Value;

        Assert.That(label, Is.EqualTo(new SecurityLabel("system_u", "system_r", "container_t", level)));
        Assert.That(label.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("kernel")]
    [TestCase("a:b")]
    [TestCase("a::c:s0")]
    [TestCase("a:b:c:")]
    [TestCase("a:b:c:s0\",upperdir=/etc")]
    [TestCase("a:b:c d:s0")]
    public void What_could_not_stand_in_the_options_of_a_mount_is_none(string text) => Assert.That(SecurityLabel.TryParse(text), Is.Null);
}
