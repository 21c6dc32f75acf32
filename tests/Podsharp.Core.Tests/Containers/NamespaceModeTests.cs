using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Core.Tests.Containers;

public sealed class NamespaceModeTests
{
    [TestCase("", NamespaceKind.Default, "")]
    [TestCase("default", NamespaceKind.Default, "")]
    [TestCase("private", NamespaceKind.Private, "private")]
    [TestCase("shareable", NamespaceKind.Shareable, "shareable")]
    [TestCase("host", NamespaceKind.Host, "host")]
    [TestCase("none", NamespaceKind.None, "none")]
    [TestCase("container:web", NamespaceKind.Container, "container:web")]
    public void Reads_and_writes_each_mode(string text, NamespaceKind kind, string written)
    {
        var mode = NamespaceMode.Parse(text, "IPC");
        Assert.That(mode.Kind, Is.EqualTo(kind));
        Assert.That(mode.ToString(), Is.EqualTo(written));
    }

    [TestCase("container:")]
    [TestCase("Host")]
    [TestCase("bogus")]
    public void Refuses_others_and_names_the_option(string text) =>
        Assert.That(Assert.Throws<EngineException>(() => NamespaceMode.Parse(text, "IPC"))?.Message, Is.EqualTo($"invalid IPC mode: {text}"));

    [Test]
    public void The_empty_value_is_the_default() => Assert.That(default(NamespaceMode).Kind, Is.EqualTo(NamespaceKind.Default));
}
