namespace Podsharp.Registry.Policy;

/// <summary>What is wrong with a policy; the file's name is added where it is known.</summary>
internal sealed class InvalidPolicyException(string message) : Exception(message);
