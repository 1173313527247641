// No client: what a process costs that reads no secret.

export class Client {
  async get(name) {
    return name;
  }
}
