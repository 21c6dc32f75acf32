using Podsharp.Core.Errors;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class SecurityOptionsTests
{
    [TestCase("label=disable", "disable")]
    [TestCase("label:type:spc_t", "type:spc_t")]
    [TestCase("label=level:s0:c1,c2", "level:s0:c1,c2")]
    [TestCase("label=", "")]
    public void A_label_is_taken_as_it_is_written(string option, string label) =>
        Assert.That(SecurityOptions.Parse([option]).Labels, Is.EqualTo(new[] { label }));

    [TestCase("label")]
    [TestCase("labels=disable")]
    [TestCase("apparmor=")]
    [TestCase("systempaths=none")]
    public void What_is_no_option_is_refused_as_it_is_written(string option) =>
        Assert.That(() => SecurityOptions.Parse([option]), Throws.TypeOf<EngineException>().With.Message.Contains($"\"{option}\""));
}
